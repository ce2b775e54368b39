package dev.weir.http.codec;

import dev.weir.upstream.http.ExtendedConnect;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/// A request over HTTP/2 and the way back to its client. Its connection's worker only.
final class Http2ServerStream implements ServerStream {
  private final Http2Handler handler;
  private final Http2Stream stream;
  private RequestListener listener = Silence.INSTANCE;
  private boolean requestComplete;
  private boolean upgrade;
  private boolean over;
  private boolean flowing = true;
  private int withheld;
  private long flushTimeout;

  Http2ServerStream(Http2Handler handler, Http2Stream stream) {
    this.handler = handler;
    this.stream = stream;
    this.flushTimeout = handler.flushTimeout();
  }

  // What comes from the client.

  /// Whether nobody wants to hear more.
  boolean isOver() {
    return over;
  }

  /// The head has come, in HTTP/1's form if it is for an upgrade.
  void begin(RequestListener first, Http2Headers headers, boolean end) {
    requestComplete = end;
    upgrade = ExtendedConnect.isUpgrade(headers);
    listener = first;
    listener.onHeaders(headers, end);
  }

  /// A piece of the body has come.
  ///
  /// @return how much of what was just read may be granted to the client anew
  int data(ByteBuf data, int bytes, boolean end) {
    requestComplete |= end;
    listener.onData(data, end);
    if (flowing) {
      return bytes;
    }
    withheld += bytes;
    return 0;
  }

  void trailers(Http2Headers trailers) {
    requestComplete = true;
    listener.onTrailers(trailers);
  }

  void readComplete() {
    if (!over) {
      listener.onReadComplete();
    }
  }

  void writable(boolean writable) {
    if (!over) {
      listener.onWritable(writable);
    }
  }

  void cutOff(boolean byClient) {
    if (!over) {
      over = true;
      listener.onReset(byClient);
    }
  }

  /// It is no request.
  void refused(RequestListener first, InvalidRequest why) {
    listener = first;
    listener.onInvalid(why);
  }

  /// It is given up before anybody has seen it.
  void reject(long code) {
    reset(code);
    listener.onReset(false);
  }

  // The way back.

  @Override
  public void listener(RequestListener next) {
    listener = next;
  }

  @Override
  public boolean isHttp10() {
    return false;
  }

  @Override
  public boolean requestComplete() {
    return requestComplete;
  }

  @Override
  public void writeInformational(Http2Headers headers) {
    handler.write(stream, headers, false);
  }

  @Override
  public void writeHeaders(Http2Headers headers, boolean end) {
    if (upgrade) {
      ExtendedConnect.toConnected(headers);
    }
    handler.write(stream, headers, end);
    ended(end);
  }

  private void ended(boolean end) {
    if (end && requestComplete) {
      over = true;
    }
  }

  @Override
  public void writeData(ByteBuf data, boolean end) {
    ended(end);
    handler.write(stream, data, end);
    watchFlush(end);
  }

  private void watchFlush(boolean end) {
    if (end && flushTimeout > 0) {
      handler.watchFlush(stream, flushTimeout);
    }
  }

  @Override
  public void writeTrailers(Http2Headers trailers) {
    handler.write(stream, trailers, true);
    watchFlush(true);
    ended(true);
  }

  @Override
  public void flushTimeout(long millis) {
    flushTimeout = millis;
  }

  @Override
  public void flush() {
    handler.requestFlush();
  }

  @Override
  public void done() {
    over = true;
  }

  @Override
  public void reset(long code) {
    over = true;
    handler.reset(stream, code);
  }

  @Override
  public boolean isWritable() {
    return handler.isWritable(stream);
  }

  @Override
  public void read(boolean wanted) {
    flowing = wanted;
    if (wanted && withheld > 0) {
      int bytes = withheld;
      withheld = 0;
      try {
        handler.grant(stream, bytes);
      } catch (Http2Exception e) {
        throw new IllegalStateException(e); // no more is granted than has come
      }
    }
  }
}
