package dev.weir.listener;

import dev.weir.config.ListenerConfig;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import java.util.List;
import java.util.stream.IntStream;

/// What a listener counts, below `listener.<address>.`, and apart from that for each worker. Any
/// thread.
final class ListenerStats implements AutoCloseable {
  private final StatScope scope;
  private final List<StatScope> workerScopes;
  final List<PerWorker> workers;
  final Counter connections;
  final Counter destroyed;
  final Gauge active;
  final Gauge inspecting;
  final Histogram length;
  final Histogram acceptedAtOnce;
  final Counter overflows;
  final Counter globalOverflows;

  /// Not Envoy's: connections that were too many from one address.
  final Counter sourceOverflows;

  final Counter noFilterChain;
  final Counter inspectionTimeouts;
  final Counter inspectionRemoteCloses;
  final Counter inspectionErrors;
  final Counter filterConfigMissing;
  final Counter handshakeTimeouts;

  /// Not Envoy's: accepting failed, for want of file descriptors most likely.
  final Counter acceptFailures;

  /// Not Envoy's: connections that a drain has closed, by what was gone.
  final Counter drainedWithChain;

  final Counter drainedWithListener;
  final Counter drainedByOperator;

  /// The part of a worker.
  record PerWorker(Counter connections, Gauge active) {}

  ListenerStats(Stats stats, String prefix, int concurrency) {
    scope = stats.scope("listener." + prefix, StatFamilies.LISTENER);
    workerScopes =
        IntStream.range(0, concurrency)
            .mapToObj(i -> scope.scope("worker_" + i, StatFamilies.LISTENER_WORKER))
            .toList();
    workers =
        workerScopes.stream()
            .map(w ->
                new PerWorker(w.counter("downstream_cx_total"), w.gauge("downstream_cx_active")))
            .toList();
    connections = scope.counter("downstream_cx_total");
    destroyed = scope.counter("downstream_cx_destroy");
    active = scope.gauge("downstream_cx_active");
    inspecting = scope.gauge("downstream_pre_cx_active");
    length = scope.histogram("downstream_cx_length_ms");
    acceptedAtOnce = scope.histogram("connections_accepted_per_socket_event");
    overflows = scope.counter("downstream_cx_overflow");
    globalOverflows = scope.counter("downstream_global_cx_overflow");
    sourceOverflows = scope.counter("downstream_cx_source_overflow");
    noFilterChain = scope.counter("no_filter_chain_match");
    inspectionTimeouts = scope.counter("downstream_pre_cx_timeout");
    inspectionRemoteCloses = scope.counter("downstream_listener_filter_remote_close");
    inspectionErrors = scope.counter("downstream_listener_filter_error");
    filterConfigMissing = scope.counter("network_extension_config_missing");
    handshakeTimeouts = scope.counter("downstream_cx_transport_socket_connect_timeout");
    acceptFailures = scope.counter("downstream_accept_failure");
    drainedWithChain = scope.counter("downstream_cx_drained.filter_chain_removed");
    drainedByOperator = scope.counter("downstream_cx_drained.operator");
    drainedWithListener = scope.counter("downstream_cx_drained.listener_removed");
  }

  /// Where all of it is.
  StatScope scope() {
    return scope;
  }

  /// What stands between `listener.` and the name of a statistic.
  static String prefix(ListenerConfig config) {
    var prefix = config.report().statPrefix();
    return prefix.isEmpty() ? config.bind().addresses().getFirst().toString() : prefix;
  }

  @Override
  public void close() {
    workerScopes.forEach(StatScope::close);
    scope.close();
  }
}
