package dev.weir.http.codec;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;

/// What is counted of the HTTP/1 that clients speak, below `http1.`. Any thread.
public final class Http1Stats {
  final Counter underscoresDropped;
  final Counter underscoresRefused;

  /// @param scope `http1.`
  public Http1Stats(StatScope scope) {
    underscoresDropped = scope.counter("dropped_headers_with_underscores");
    underscoresRefused = scope.counter("requests_rejected_with_underscores_in_headers");
  }
}
