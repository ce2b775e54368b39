package dev.weir.http.router;

import dev.weir.config.http.RetryConfig;
import dev.weir.config.http.RouteAction.Timing;
import dev.weir.http.GrpcTimeout;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// How long the host may take, in milliseconds; 0 for ever.
///
/// @param whole from the end of the request to the end of the response
/// @param perTry of that, each attempt
/// @param perTryIdle of an attempt without a byte
record RequestTiming(long whole, long perTry, long perTryIdle) {
  private static final AsciiString TIMEOUT = AsciiString.cached("x-envoy-upstream-rq-timeout-ms");
  private static final AsciiString PER_TRY =
      AsciiString.cached("x-envoy-upstream-rq-per-try-timeout-ms");

  /// What route and request say, the request's word first.
  static RequestTiming of(Timing route, @Nullable RetryConfig retry, Http2Headers request) {
    long whole = route.timeout().toMillis();
    var grpcMax = route.grpcMax();
    if (grpcMax != null && GrpcTimeout.isGrpc(request)) {
      whole = grpc(request, grpcMax.toMillis(), route.grpcOffset().toMillis());
    }
    long perTry = retry == null ? 0 : retry.perTryTimeout().toMillis();
    long asked = number(request.getAndRemove(TIMEOUT));
    long askedPerTry = number(request.getAndRemove(PER_TRY));
    whole = asked >= 0 ? asked : whole;
    perTry = askedPerTry >= 0 ? askedPerTry : perTry;
    if (whole > 0 && perTry >= whole) {
      perTry = 0;
    }
    return new RequestTiming(
        whole, perTry, retry == null ? 0 : retry.perTryIdleTimeout().toMillis());
  }

  private static long grpc(Http2Headers request, long max, long offset) {
    long asked = GrpcTimeout.millis(request);
    return asked == 0 ? max : GrpcTimeout.within(asked, max, offset);
  }

  private static long number(@Nullable CharSequence text) {
    try {
      return text == null ? -1 : Long.parseLong(text.toString());
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /// What is told to the host.
  long expected() {
    return perTry > 0 ? perTry : whole;
  }
}
