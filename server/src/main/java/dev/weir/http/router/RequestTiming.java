package dev.weir.http.router;

import dev.weir.config.http.RouteAction.Timing;
import dev.weir.http.GrpcTimeout;
import dev.weir.http.route.Route;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// How long the host may take, in milliseconds; 0 for ever.
///
/// @param whole from the end of the request to the end of the response
/// @param perTry of that, each attempt
/// @param perTryIdle of an attempt without a byte
/// @param hedges whether an attempt that has taken `perTry` goes on beside the next one
record RequestTiming(long whole, long perTry, long perTryIdle, boolean hedges) {
  private static final AsciiString TIMEOUT = AsciiString.cached("x-envoy-upstream-rq-timeout-ms");
  private static final AsciiString PER_TRY =
      AsciiString.cached("x-envoy-upstream-rq-per-try-timeout-ms");

  private static final AsciiString HEDGES = AsciiString.cached("x-envoy-hedge-on-per-try-timeout");

  /// What route and request say, the request's word first.
  static RequestTiming of(Timing timing, Route route, Http2Headers request) {
    var retry = route.retry() == null ? null : route.retry().config();
    long whole = timing.timeout().toMillis();
    var grpcMax = timing.grpcMax();
    if (grpcMax != null && GrpcTimeout.isGrpc(request)) {
      whole = grpc(request, grpcMax.toMillis(), timing.grpcOffset().toMillis());
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
        whole,
        perTry,
        retry == null ? 0 : retry.perTryIdleTimeout().toMillis(),
        hedges(route.hedges(), request.getAndRemove(HEDGES)));
  }

  private static boolean hedges(boolean route, @Nullable CharSequence asked) {
    return switch (asked == null ? "" : asked.toString()) {
      case "true" -> true;
      case "false" -> false;
      default -> route;
    };
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

  /// What is told to the host: with hedging, no attempt ends with its own time.
  long expected() {
    return perTry > 0 && !hedges ? perTry : whole;
  }
}
