package dev.weir.http;

import dev.weir.http.codec.Http1Stats;
import dev.weir.http.codec.Http2Stats;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.HttpStatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What a connection manager counts, below `http.<stat_prefix>.` and
/// `listener.<address>.http.<stat_prefix>.`. Any thread.
public final class HttpStats implements AutoCloseable {
  private static final int CLASSES = 6;

  private final Stats stats;
  private final Map<String, StatScope> further = new ConcurrentHashMap<>();
  private final StatScope scope;
  private final StatScope listenerScope;
  private final Counter[] classes = new Counter[CLASSES];
  private final Counter[] listenerClasses = new Counter[CLASSES];
  private final Counter completed;
  private volatile @Nullable Http1Stats http1;
  private volatile @Nullable Http2Stats http2;
  private final Counter listenerCompleted;

  final Counter connections;
  final Gauge connectionsActive;
  final Counter http1Connections;
  final Gauge http1Active;
  final Counter http2Connections;
  final Gauge http2Active;
  final Counter destroyed;
  final Counter destroyedLocal;
  final Counter destroyedRemote;
  final Counter destroyedActive;
  final Counter destroyedLocalActive;
  final Counter destroyedRemoteActive;
  final Counter received;
  final Gauge receivedBuffered;
  final Counter sent;
  final Counter requests;
  final Gauge requestsActive;
  final Counter http1Requests;
  final Counter http2Requests;
  final Counter earlyResponses;
  final Counter resetReceived;
  final Counter protocolErrors;
  final Histogram requestTime;
  final Histogram connectionTime;
  public final Counter routed;
  public final Counter noRoute;
  public final Counter noCluster;
  public final Counter directResponses;

  /// @param listener the listener's name in statistics, such as `127.0.0.1_80`
  HttpStats(Stats stats, String prefix, String listener) {
    this.stats = stats;
    scope = stats.scope("http." + prefix, HttpStatFamilies.MANAGER);
    listenerScope =
        stats.scope("listener." + listener + ".http." + prefix, HttpStatFamilies.LISTENER);
    for (int i = 1; i < CLASSES; i++) {
      classes[i] = scope.counter("downstream_rq_" + i + "xx");
      listenerClasses[i] = listenerScope.counter("downstream_rq_" + i + "xx");
    }
    completed = scope.counter("downstream_rq_completed");
    listenerCompleted = listenerScope.counter("downstream_rq_completed");
    connections = scope.counter("downstream_cx_total");
    connectionsActive = scope.gauge("downstream_cx_active");
    http1Connections = scope.counter("downstream_cx_http1_total");
    http1Active = scope.gauge("downstream_cx_http1_active");
    http2Connections = scope.counter("downstream_cx_http2_total");
    http2Active = scope.gauge("downstream_cx_http2_active");
    destroyed = scope.counter("downstream_cx_destroy");
    destroyedLocal = scope.counter("downstream_cx_destroy_local");
    destroyedRemote = scope.counter("downstream_cx_destroy_remote");
    destroyedActive = scope.counter("downstream_cx_destroy_active_rq");
    destroyedLocalActive = scope.counter("downstream_cx_destroy_local_active_rq");
    destroyedRemoteActive = scope.counter("downstream_cx_destroy_remote_active_rq");
    received = scope.counter("downstream_cx_rx_bytes_total");
    receivedBuffered = scope.gauge("downstream_cx_rx_bytes_buffered");
    sent = scope.counter("downstream_cx_tx_bytes_total");
    requests = scope.counter("downstream_rq_total");
    requestsActive = scope.gauge("downstream_rq_active");
    http1Requests = scope.counter("downstream_rq_http1_total");
    http2Requests = scope.counter("downstream_rq_http2_total");
    earlyResponses = scope.counter("downstream_rq_response_before_rq_complete");
    resetReceived = scope.counter("downstream_rq_rx_reset");
    protocolErrors = scope.counter("downstream_cx_protocol_error");
    requestTime = scope.histogram("downstream_rq_time");
    connectionTime = scope.histogram("downstream_cx_length_ms");
    routed = scope.counter("rq_total");
    noRoute = scope.counter("no_route");
    noCluster = scope.counter("no_cluster");
    directResponses = scope.counter("rq_direct_response");
  }

  /// Something that is counted seldom.
  public Counter counter(String name) {
    return scope.counter(name);
  }

  /// A level that changes seldom.
  Gauge gauge(String name) {
    return scope.gauge(name);
  }

  /// A scope that is opened when it is first asked for, and closed with this one.
  StatScope below(String prefix) {
    return further.computeIfAbsent(prefix, name -> stats.scope(name, HttpStatFamilies.ROUTE));
  }

  /// What is counted of HTTP/2 for all connection managers; shows once it is spoken.
  Http2Stats http2() {
    var present = http2;
    if (present == null) {
      var scope = further.computeIfAbsent("http2", n -> stats.scope(n, HttpStatFamilies.HTTP2));
      present = new Http2Stats(scope);
      http2 = present;
    }
    return present;
  }

  /// The same of HTTP/1.
  Http1Stats http1() {
    var present = http1;
    if (present == null) {
      var scope = further.computeIfAbsent("http1", n -> stats.scope(n, HttpStatFamilies.HTTP1));
      present = new Http1Stats(scope);
      http1 = present;
    }
    return present;
  }

  /// The scope below which filters count.
  public StatScope scope() {
    return scope;
  }

  /// A response has begun.
  void responded(int status) {
    int kind = status / 100;
    completed.increment();
    listenerCompleted.increment();
    if (kind > 0 && kind < CLASSES) {
      classes[kind].increment();
      listenerClasses[kind].increment();
    }
  }

  @Override
  public void close() {
    further.values().forEach(StatScope::close);
    scope.close();
    listenerScope.close();
  }
}
