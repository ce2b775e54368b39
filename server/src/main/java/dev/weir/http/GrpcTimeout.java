package dev.weir.http;

import io.netty.handler.codec.http2.Http2Headers;

/// The header `grpc-timeout`. Source: gRPC over HTTP/2.
public final class GrpcTimeout {
  private GrpcTimeout() {}

  /// Whether a request is one of gRPC.
  public static boolean isGrpc(Http2Headers request) {
    var type = request.get(Names.CONTENT_TYPE);
    return type != null && type.toString().startsWith("application/grpc");
  }

  /// What a request says, in milliseconds; 0 if it says nothing that can be understood.
  public static long millis(Http2Headers request) {
    var told = request.get(Names.GRPC_TIMEOUT);
    var text = told == null ? "" : told.toString();
    if (text.length() < 2) {
      return 0;
    }
    long value;
    try {
      value = Long.parseLong(text, 0, text.length() - 1, 10);
    } catch (NumberFormatException _) {
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

  /// What a request says, within a limit.
  ///
  /// @param max 0 for no limit
  /// @param offset taken away from what it says, if more than that is said
  public static long within(long asked, long max, long offset) {
    long told = offset > 0 && asked > offset ? asked - offset : asked;
    return max > 0 && told > max ? max : told;
  }
}
