package dev.weir.http.filter;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.Consumer;

/// An answer that we give ourselves.
///
/// @param body as plain text; empty for none
/// @param details what `%RESPONSE_CODE_DETAILS%` prints
/// @param grpcStatus for gRPC requests; -1 to derive it from the status
/// @param headers changes its headers before they are sent
public record LocalReply(
    int status, String body, String details, int grpcStatus, Consumer<Http2Headers> headers) {

  /// An answer with a body.
  public static LocalReply of(int status, String body, String details) {
    return new LocalReply(status, body, details, -1, _ -> {});
  }

  /// This answer, with the status for gRPC requests.
  public LocalReply withGrpcStatus(int code) {
    return new LocalReply(status, body, details, code, headers);
  }

  /// This answer, its headers changed.
  public LocalReply with(Consumer<Http2Headers> change) {
    return new LocalReply(status, body, details, grpcStatus, change);
  }
}
