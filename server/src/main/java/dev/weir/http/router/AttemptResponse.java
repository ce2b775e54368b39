package dev.weir.http.router;

import dev.weir.config.HttpProtocol;
import dev.weir.http.Names;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/// Hears of the response to one attempt, and has it go to the client, or makes for another attempt.
/// Its worker only.
final class AttemptResponse implements StreamListener {
  private static final int FAILED = 500;

  private final Forwarding forwarding;
  private final UpstreamAttempt made;

  AttemptResponse(Forwarding forwarding, UpstreamAttempt made) {
    this.forwarding = forwarding;
    this.made = made;
  }

  private boolean isOver() {
    return forwarding.isOver() || made.isOver();
  }

  @Override
  public void onInformational(Http2Headers headers) {
    if (!isOver()) {
      forwarding.answers().informational(made, status(headers));
      forwarding.stream().respondInformational(headers);
    }
  }

  @Override
  public void onHeaders(Http2Headers headers, boolean end) {
    if (isOver()) {
      return;
    }
    int status = status(headers);
    judge(headers, status);
    if (isNoHandshake(status)) {
      forwarding.stream().facts().details("websocket_handshake_unsuccessful");
      forwarding.respond(
          made, new DefaultHttp2Headers(false).status(headers.status()), status, true);
      return;
    }
    if (!forwarding.passesOver(made, headers, status, end)) {
      int said = grpcStatus(headers, FAILED);
      forwarding.respond(made, headers, status, end);
      if (end) {
        made.ended(said);
      }
    }
  }

  private static int status(Http2Headers headers) {
    return Integer.parseInt(String.valueOf(headers.status()));
  }

  /// Whether a host takes the handshake of a websocket for any request. As on Envoy, the client
  /// gets the status, and no more; with HTTP/2 the host's answer is passed on.
  private boolean isNoHandshake(int status) {
    var stream = made.stream();
    var upgrade = forwarding.stream().requestHeaders().get(Names.UPGRADE);
    return upgrade != null
        && AsciiString.contentEqualsIgnoreCase("websocket", upgrade)
        && status != 101
        && status < 400
        && stream != null
        && stream.protocol() == HttpProtocol.HTTP1;
  }

  /// Notes what the answer says of its host.
  private void judge(Http2Headers headers, int status) {
    var host = made.host();
    if (host != null) {
      host.monitor().answered(grpcStatus(headers, status));
      if (headers.contains("x-envoy-degraded")) {
        host.monitor().degraded();
      }
      if (headers.contains("x-envoy-immediate-health-check-fail")) {
        host.failNow();
      }
    }
  }

  /// The status that an answer of gRPC without a body stands for.
  private static int grpcStatus(Http2Headers headers, int status) {
    var grpc = headers.get("grpc-status");
    if (grpc == null || grpc.length() == 0) {
      return status;
    }
    return switch (grpc.toString()) {
      case "0" -> 200;
      case "3", "9", "11" -> 400;
      case "5" -> 404;
      case "6", "10" -> 409;
      case "7" -> 403;
      case "8" -> 429;
      case "1" -> 499;
      case "12" -> 501;
      case "14" -> 503;
      case "4" -> 504;
      case "16" -> 401;
      default -> 500;
    };
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    if (isOver()) {
      data.release();
      return;
    }
    var stream = forwarding.stream();
    made.touch(stream.connection().worker().now());
    stream.facts().upstreamBody();
    if (end) {
      made.ended(FAILED); // of gRPC, which ends with trailers
      forwarding.complete(made);
    }
    stream.respondData(data, end);
    if (!end && !stream.clientWritable() && made.stream() != null) {
      made.stream().read(false);
    }
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    if (!isOver()) {
      made.ended(grpcStatus(trailers, FAILED));
      forwarding.complete(made);
      forwarding.stream().respondTrailers(trailers);
    }
  }

  @Override
  public void onReadComplete() {
    forwarding.stream().flushResponse();
  }

  @Override
  public void onWritable(boolean writable) {
    if (!isOver()) {
      forwarding.stream().touch();
      forwarding.stream().readClient(writable);
    }
  }

  @Override
  public void onReset(ResetReason reason) {
    if (made.isOver()) {
      return;
    }
    Host host = made.host();
    if (forwarding.isResponding()) {
      made.end();
      if (made.isUndecided()) {
        made.ended(FAILED);
        forwarding.stats().counter("rq_reset_after_downstream_response_started").increment();
      }
      forwarding.brokenOff(
          reason.flag(), "upstream_reset_after_response_started{" + reason.text() + "}");
      return;
    }
    if (host != null) {
      host.monitor().connectFailed();
    }
    forwarding.failed(made, reason, null);
  }
}
