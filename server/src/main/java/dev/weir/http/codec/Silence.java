package dev.weir.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/// Hears nothing: before there is a listener. Any worker.
final class Silence implements RequestListener {
  static final Silence INSTANCE = new Silence();

  @Override
  public void onHeaders(Http2Headers headers, boolean end) {}

  @Override
  public void onData(ByteBuf data, boolean end) {
    data.release();
  }

  @Override
  public void onTrailers(Http2Headers trailers) {}

  @Override
  public void onReadComplete() {}

  @Override
  public void onWritable(boolean writable) {}

  @Override
  public void onReset(boolean byClient) {}

  @Override
  public void onInvalid(InvalidRequest why) {}
}
