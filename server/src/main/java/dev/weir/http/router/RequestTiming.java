package dev.weir.http.router;

import dev.weir.config.http.RetryConfig;
import dev.weir.config.http.RouteAction.Timing;
import dev.weir.http.Names;
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
    var type = request.get(Names.CONTENT_TYPE);
    if (grpcMax != null && type != null && type.toString().startsWith("application/grpc")) {
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
    var text = request.get(Names.GRPC_TIMEOUT);
    long asked = text == null ? 0 : grpcMillis(text.toString());
    if (offset > 0 && asked > offset) {
      asked -= offset;
    }
    if (max > 0 && (asked == 0 || asked > max)) {
      return max;
    }
    return asked;
  }

  /// Source: gRPC over HTTP/2, `grpc-timeout`.
  private static long grpcMillis(String text) {
    if (text.length() < 2) {
      return 0;
    }
    long value = number(text.substring(0, text.length() - 1));
    if (value < 0) {
      return 0;
    }
    return switch (text.charAt(text.length() - 1)) {
      case 'H' -> value * 3_600_000;
      case 'M' -> value * 60_000;
      case 'S' -> value * 1_000;
      case 'm' -> value;
      case 'u' -> Math.max(1, value / 1_000);
      case 'n' -> Math.max(1, value / 1_000_000);
      default -> 0;
    };
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
