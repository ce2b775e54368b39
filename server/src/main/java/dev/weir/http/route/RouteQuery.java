package dev.weir.http.route;

import dev.weir.config.MatchInput;
import dev.weir.connection.match.MatchFacts;
import dev.weir.telemetry.ConnectionRecord;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// What a route is looked for by. The request's worker only.
///
/// @param record the request's, for its metadata
/// @param random any 64 bits, the same for the whole request
public record RouteQuery(
    Http2Headers headers, ConnectionRecord record, long random, Certificate certificate)
    implements MatchFacts {

  /// What is known of the client's certificate.
  public record Certificate(boolean presented, boolean validated) {
    /// There is none.
    public static final Certificate NONE = new Certificate(false, false);
  }

  /// A matcher of routes looks at headers only.
  @Override
  public @Nullable String text(MatchInput input) {
    return input instanceof MatchInput.RequestHeader(var header)
        ? HeaderText.joined(headers, HeaderText.name(header))
        : null;
  }
}
