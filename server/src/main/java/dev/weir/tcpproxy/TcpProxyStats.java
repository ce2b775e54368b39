package dev.weir.tcpproxy;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.OnDemandClusters.Discovery;
import java.util.List;

/// What one filter counts, below `tcp.<stat_prefix>.`. Any thread.
final class TcpProxyStats implements AutoCloseable {
  private final StatScope scope;
  final Counter connections;
  final Counter noRoute;
  final Counter received;
  final Gauge receivedBuffered;
  final Counter sent;
  final Gauge sentBuffered;
  final Counter readingPaused;
  final Counter readingResumed;
  final Counter earlyData;
  final Counter drainClose;
  final OnDemand onDemand;
  final Counter idleTimeout;
  final Counter maxDuration;
  final Counter upstreamFlushes;
  final Gauge upstreamFlushesActive;

  /// What became of clusters that were asked for on demand.
  static final class OnDemand {
    private final StatScope scope;

    OnDemand(StatScope scope) {
      this.scope = scope;
    }

    /// Shows all of them, for a filter that may ask.
    void show() {
      for (var what : List.of("attempt", "missing", "success", "timeout")) {
        scope.counter("on_demand_cluster_" + what);
      }
    }

    void attempt() {
      count("attempt");
    }

    void count(Discovery discovery) {
      count(
          switch (discovery) {
            case AVAILABLE -> "success";
            case MISSING -> "missing";
            case TIMEOUT -> "timeout";
          });
    }

    private void count(String what) {
      scope.counter("on_demand_cluster_" + what).increment();
    }
  }

  TcpProxyStats(Stats stats, String prefix) {
    scope = stats.scope("tcp." + prefix, StatFamilies.TCP_PROXY);
    connections = scope.counter("downstream_cx_total");
    noRoute = scope.counter("downstream_cx_no_route");
    received = scope.counter("downstream_cx_rx_bytes_total");
    receivedBuffered = scope.gauge("downstream_cx_rx_bytes_buffered");
    sent = scope.counter("downstream_cx_tx_bytes_total");
    sentBuffered = scope.gauge("downstream_cx_tx_bytes_buffered");
    readingPaused = scope.counter("downstream_flow_control_paused_reading_total");
    readingResumed = scope.counter("downstream_flow_control_resumed_reading_total");
    earlyData = scope.counter("early_data_received_count_total");
    drainClose = scope.counter("downstream_cx_drain_close");
    onDemand = new OnDemand(scope);
    idleTimeout = scope.counter("idle_timeout");
    maxDuration = scope.counter("max_downstream_connection_duration");
    upstreamFlushes = scope.counter("upstream_flush_total");
    upstreamFlushesActive = scope.gauge("upstream_flush_active");
  }

  @Override
  public void close() {
    scope.close();
  }
}
