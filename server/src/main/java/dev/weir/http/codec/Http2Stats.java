package dev.weir.http.codec;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.StatScope;

/// What is counted of the HTTP/2 that clients speak, below `http2.`. Any thread.
public final class Http2Stats {
  final Counter connections;
  final Counter resetReceived;
  final Counter resetSent;
  final Counter keepaliveTimeout;
  final Counter goAwaySent;
  final Counter flushTimeout;
  final Counter messagingError;
  final Counter underscoresDropped;
  final Counter underscoresRefused;
  final Counter trailers;
  final Gauge streams;
  private final StatScope scope;

  /// @param scope `http2.`
  public Http2Stats(StatScope scope) {
    this.scope = scope;
    connections = scope.counter("nghttp2_downstream_connections");
    resetReceived = scope.counter("rx_reset");
    resetSent = scope.counter("tx_reset");
    keepaliveTimeout = scope.counter("keepalive_timeout");
    goAwaySent = scope.counter("goaway_sent");
    flushTimeout = scope.counter("tx_flush_timeout");
    messagingError = scope.counter("rx_messaging_error");
    underscoresDropped = scope.counter("dropped_headers_with_underscores");
    underscoresRefused = scope.counter("requests_rejected_with_underscores_in_headers");
    trailers = scope.counter("trailers");
    streams = scope.gauge("streams_active");
  }

  void flood(Flood flood) {
    var counter = flood.counter();
    if (counter != null) {
      scope.counter(counter).increment();
    }
  }
}
