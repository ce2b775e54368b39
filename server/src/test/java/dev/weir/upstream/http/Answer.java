package dev.weir.upstream.http;

import dev.weir.transport.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Somebody who waits for a stream, sends a GET, and notes the response.
final class Answer implements StreamWaiter, StreamListener {
  private final Worker worker;
  private final CompletableFuture<String> text = new CompletableFuture<>();
  private final StringBuilder body = new StringBuilder();
  private volatile @Nullable UpstreamStream stream;

  Answer(Worker worker) {
    this.worker = worker;
  }

  @Override
  public void onOutcome(StreamOutcome outcome) {
    switch (outcome) {
      case StreamOutcome.Ready(var ready) -> {
        stream = ready;
        ready.listener(this);
        var head = new DefaultHttp2Headers().method("GET").scheme("http").authority("a").path("/");
        ready.sendHeaders(head, true);
        ready.flush();
      }
      case StreamOutcome.Failed(var cause, _) -> text.complete(cause.text());
      case StreamOutcome.Overflow _ -> text.complete("overflow");
    }
  }

  @Override
  public void onHeaders(Http2Headers headers, boolean end) {
    body.append(headers.status());
    if (end) {
      text.complete(body.toString());
    }
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    body.append(' ').append(data.toString(StandardCharsets.US_ASCII));
    data.release();
    if (end) {
      text.complete(body.toString());
    }
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    text.complete(body.toString());
  }

  @Override
  public void onReset(ResetReason reason) {
    text.complete(reason.text());
  }

  /// Gives the stream up.
  void reset() {
    CompletableFuture.runAsync(
            () -> {
              var present = stream;
              if (present != null) {
                present.reset(ResetReason.LOCAL_RESET);
              }
            },
            worker::execute)
        .join();
  }

  /// The status and the body, or why there is none.
  String text() {
    return text.orTimeout(30, TimeUnit.SECONDS).join();
  }
}
