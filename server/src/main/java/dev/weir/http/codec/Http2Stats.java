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
  final Counter headerOverflow;
  final Counter underscoresDropped;
  final Counter underscoresRefused;
  final Counter trailers;
  final Counter headersTooLarge;
  final Gauge streams;
  final Gauge framesWaiting;
  final Gauge controlFramesWaiting;
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
    headerOverflow = scope.counter("header_overflow");
    messagingError = scope.counter("rx_messaging_error");
    underscoresDropped = scope.counter("dropped_headers_with_underscores");
    underscoresRefused = scope.counter("requests_rejected_with_underscores_in_headers");
    trailers = scope.counter("trailers");
    headersTooLarge = scope.counter("header_list_size_too_large");
    streams = scope.gauge("streams_active");
    framesWaiting = scope.gauge("outbound_frames_active");
    controlFramesWaiting = scope.gauge("outbound_control_frames_active");
  }

  void flood(Flood flood) {
    var counter = flood.counter();
    if (counter != null) {
      scope.counter(counter).increment();
    }
  }
}
