package dev.weir.upstream.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/// Nobody listens. Stateless.
final class Deaf implements StreamListener {
  static final StreamListener LISTENER = new Deaf();

  private Deaf() {}

  @Override
  public void onHeaders(Http2Headers headers, boolean end) {}

  @Override
  public void onData(ByteBuf data, boolean end) {
    data.release();
  }

  @Override
  public void onTrailers(Http2Headers trailers) {}

  @Override
  public void onReset(ResetReason reason) {}
}
