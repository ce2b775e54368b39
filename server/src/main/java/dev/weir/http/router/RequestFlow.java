package dev.weir.http.router;

import dev.weir.http.RequestFacts;
import dev.weir.http.filter.FilterStream;
import dev.weir.upstream.http.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// What comes from the client behind the head: it goes on to the host, to those who get a copy, and
/// is kept for as long as it may be needed. Its worker only.
final class RequestFlow {
  private final FilterStream stream;
  private final RequestFacts facts;
  private final Repeats repeats;
  private final RequestCounts counts;
  private final Mirrors mirrors;
  private final long limit;
  private final BodyBuffer body = new BodyBuffer();
  private boolean headIsAll;
  private boolean sent;

  /// @param limit how many bytes are kept for another attempt
  RequestFlow(
      FilterStream stream,
      RequestFacts facts,
      Repeats repeats,
      RequestCounts counts,
      Mirrors mirrors,
      long limit) {
    this.stream = stream;
    this.facts = facts;
    this.repeats = repeats;
    this.counts = counts;
    this.mirrors = mirrors;
    this.limit = limit;
  }

  /// The head is all.
  void end() {
    headIsAll = true;
    body.end();
  }

  /// @param upstream where it goes; null if it has to wait
  void data(@Nullable UpstreamStream upstream, ByteBuf data, boolean end) {
    mirrors.data(data, end);
    boolean keep = upstream == null || repeats.isPossible();
    if (upstream != null) {
      upstream.sendData(keep ? data.retainedDuplicate() : data, end);
      if (end) {
        facts.upstreamRequestEnded(System.nanoTime());
      }
    }
    if (keep) {
      body.add(data, end);
      limit(upstream);
    }
    if (upstream != null && !end && !upstream.isWritable()) {
      stream.readClient(false);
    }
  }

  /// More than may be kept: then there is no further attempt, or the client has to wait.
  private void limit(@Nullable UpstreamStream upstream) {
    if (repeats.isPossible() && body.bytes() > limit) {
      counts.countAtCluster("retry_or_shadow_abandoned");
      repeats.forget();
      if (upstream != null) {
        body.release();
      }
    }
    if (upstream == null && body.bytes() > stream.connection().bufferLimit()) {
      stream.readClient(false);
    }
  }

  void trailers(@Nullable UpstreamStream upstream, Http2Headers trailers) {
    mirrors.trailers(trailers);
    body.trailers(trailers);
    if (upstream != null) {
      upstream.sendTrailers(trailers);
      facts.upstreamRequestEnded(System.nanoTime());
    }
  }

  void flush(@Nullable UpstreamStream upstream) {
    mirrors.flush();
    if (upstream != null) {
      upstream.flush();
    }
  }

  /// An attempt has its stream: sends it the head, and what there is of the rest. To the first one
  /// the head is not the end unless the client said so with it: what has no length is sent in
  /// chunks, however soon its end is known.
  void sendTo(UpstreamStream upstream, UpstreamAttempt made) {
    boolean headOnly = sent ? body.headOnly() : headIsAll;
    facts.upstreamRequestBegan(System.nanoTime());
    upstream.sendHeaders(stream.requestHeaders(), headOnly);
    if (!headOnly && !made.isOver()) {
      body.sendTo(upstream, repeats.isPossible());
    }
    sent = true;
    if (body.ended()) {
      facts.upstreamRequestEnded(System.nanoTime());
    }
  }

  /// There will be no other attempt: what was kept for one is let go.
  void settle() {
    if (sent) {
      body.release();
    }
  }

  BodyBuffer body() {
    return body;
  }

  /// The request is over.
  ///
  /// @param whole whether all of it had come
  void destroy(boolean whole) {
    mirrors.destroy(whole);
    body.release();
  }
}
