package dev.weir.upstream.http;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.ClusterStats;
import org.jspecify.annotations.Nullable;

/// What a worker counts of a cluster's HTTP connections and requests, below `cluster.<name>.`. Its
/// worker only.
final class HttpStats {
  final Counter http1Connections;
  final Counter http2Connections;
  final Counter idleTimeout;
  final Counter maxDuration;
  final Counter maxRequests;
  final Counter closeNotify;
  final Counter protocolError;
  final Counter connectionOverflow;
  final Counter preconnectSkipped;
  final Counter activeOverflow;
  final Counter pendingOverflow;
  final Counter ejected;
  final Counter resetReceived;
  final Counter resetReceivedNoError;
  final Counter poolOverflow;
  final Counter resetSent;
  final Counter bytesReceived;
  final Counter bytesSent;
  final Counter pausedReading;
  final Counter resumedReading;
  final Counter backedUp;
  final Counter drained;
  final Gauge receivedBuffered;
  final Histogram requestsPerConnection;
  private final StatScope scope;
  private @Nullable Http2Stats http2;

  HttpStats(ClusterStats cluster) {
    scope = cluster.scope();
    http1Connections = scope.counter("upstream_cx_http1_total");
    http2Connections = scope.counter("upstream_cx_http2_total");
    idleTimeout = scope.counter("upstream_cx_idle_timeout");
    maxDuration = scope.counter("upstream_cx_max_duration_reached");
    maxRequests = scope.counter("upstream_cx_max_requests");
    closeNotify = scope.counter("upstream_cx_close_notify");
    protocolError = scope.counter("upstream_cx_protocol_error");
    connectionOverflow = scope.counter("upstream_cx_overflow");
    preconnectSkipped = scope.counter("upstream_cx_preconnect_skipped");
    poolOverflow = scope.counter("upstream_cx_pool_overflow");
    activeOverflow = scope.counter("upstream_rq_active_overflow");
    pendingOverflow = scope.counter("upstream_rq_pending_overflow");
    ejected = scope.counter("upstream_rq_pending_failure_eject");
    resetReceived = scope.counter("upstream_rq_rx_reset");
    resetReceivedNoError = scope.counter("upstream_rq_rx_reset_no_error");
    resetSent = scope.counter("upstream_rq_tx_reset");
    bytesReceived = scope.counter("upstream_cx_rx_bytes_total");
    bytesSent = scope.counter("upstream_cx_tx_bytes_total");
    pausedReading = scope.counter("upstream_flow_control_paused_reading_total");
    resumedReading = scope.counter("upstream_flow_control_resumed_reading_total");
    backedUp = scope.counter("upstream_flow_control_backed_up_total");
    drained = scope.counter("upstream_flow_control_drained_total");
    receivedBuffered = scope.gauge("upstream_cx_rx_bytes_buffered");
    requestsPerConnection = scope.histogram("upstream_rq_per_cx");
  }

  /// What is counted of HTTP/2, which shows once it is spoken.
  Http2Stats http2() {
    if (http2 == null) {
      http2 = new Http2Stats(scope);
    }
    return http2;
  }
}
