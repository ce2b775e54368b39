package dev.weir.config.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long connections and streams may take. Zero means for ever.
///
/// @param requestHeaders from the first byte of a request to the end of its headers
/// @param request from the first byte to the last
/// @param streamIdle of a request without a byte either way
/// @param streamFlush of a response that is complete and that the client leaves no room for
///   (`stream_flush_timeout`); null for as long as a request may be idle
/// @param stream of a whole request
/// @param connectionIdle of a connection without requests
/// @param connection from the accept on, until it is drained
/// @param drain between the announcement of the end and the end of an HTTP/2 connection
/// @param delayedClose that a client has to hang up after our last word
public record HttpTiming(
    Duration requestHeaders,
    Duration request,
    Duration streamIdle,
    @Nullable Duration streamFlush,
    Duration stream,
    Duration connectionIdle,
    Duration connection,
    Duration drain,
    Duration delayedClose) {

  /// How long a complete response may wait for room.
  public Duration flush() {
    return streamFlush == null ? streamIdle : streamFlush;
  }
}
