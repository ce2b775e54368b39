package dev.weir.upstream.http;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.StatScope;

/// What is counted of the HTTP/2 that is spoken with the hosts of a cluster, below
/// `cluster.<name>.http2.`. Any thread.
final class Http2Stats {
  final Counter resetReceived;
  final Counter resetSent;
  final Counter messagingError;
  final Counter keepaliveTimeout;
  final Counter emptyFramesFlood;
  final Counter goAwaySent;
  final Counter connections;
  final Gauge streams;

  Http2Stats(StatScope cluster) {
    resetReceived = cluster.counter("http2.rx_reset");
    resetSent = cluster.counter("http2.tx_reset");
    messagingError = cluster.counter("http2.rx_messaging_error");
    keepaliveTimeout = cluster.counter("http2.keepalive_timeout");
    emptyFramesFlood = cluster.counter("http2.inbound_empty_frames_flood");
    cluster.counter("http2.trailers"); // shows, as on Envoy, and counts nothing here
    goAwaySent = cluster.counter("http2.goaway_sent");
    connections = cluster.counter("http2.nghttp2_upstream_connections");
    streams = cluster.gauge("http2.streams_active");
  }
}
