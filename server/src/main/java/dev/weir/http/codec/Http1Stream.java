package dev.weir.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/// One request of an HTTP/1 connection: how its response is framed and written. Its connection's
/// worker only.
final class Http1Stream implements ServerStream {
  private final Http1Handler home;
  private final Http1Writer writer;
  private RequestListener listener = Silence.INSTANCE;
  private String method = "";
  private boolean http10;
  private boolean requestComplete;
  private boolean over;
  private boolean chunked;
  private boolean bodiless;

  Http1Stream(Http1Handler home, Http1Writer writer) {
    this.home = home;
    this.writer = writer;
  }

  /// Says what was asked, once its head is read.
  void request(String method, boolean http10) {
    this.method = method;
    this.http10 = http10;
  }

  /// @param complete whether all of the request has come
  void requestComplete(boolean complete) {
    requestComplete = complete;
  }

  RequestListener listener() {
    return listener;
  }

  /// Whether anybody wants to hear more of the request.
  boolean listening() {
    return !over;
  }

  @Override
  public void listener(RequestListener next) {
    listener = next;
  }

  @Override
  public boolean isHttp10() {
    return http10;
  }

  @Override
  public boolean requestComplete() {
    return requestComplete;
  }

  @Override
  public void writeInformational(Http2Headers headers) {
    home.context().write(head(headers, Http1Writer.Framing.NONE));
  }

  private ByteBuf head(Http2Headers headers, Http1Writer.Framing framing) {
    return writer.head(home.context().alloc(), http10, headers, framing);
  }

  private static int status(Http2Headers headers) {
    return Integer.parseInt(String.valueOf(headers.status()));
  }

  @Override
  public void writeHeaders(Http2Headers headers, boolean end) {
    var framing = framing(headers, end);
    chunked = framing == Http1Writer.Framing.CHUNKED && !method.equals("HEAD");
    home.context().write(head(headers, framing));
    if (end) {
      end();
    }
  }

  /// As Envoy: what a HEAD is answered with says how its body would be framed.
  private Http1Writer.Framing framing(Http2Headers headers, boolean end) {
    int status = status(headers);
    bodiless = status < 200 || status == 204 || status == 304 || method.equals("HEAD");
    boolean granted = status == 101 || (method.equals("CONNECT") && status / 100 == 2);
    boolean tunnel = home.isRaw() && granted;
    if (tunnel || status < 200 || status == 204 || headers.contains("content-length")) {
      return Http1Writer.Framing.NONE;
    }
    if (end && !method.equals("HEAD")) {
      return bodiless ? Http1Writer.Framing.NONE : Http1Writer.Framing.EMPTY;
    }
    return http10 ? Http1Writer.Framing.NONE : Http1Writer.Framing.CHUNKED;
  }

  @Override
  public void writeData(ByteBuf data, boolean end) {
    int length = data.readableBytes();
    var context = home.context();
    if (bodiless && !home.isRaw()) {
      data.release();
    } else if (!chunked) {
      context.write(data);
    } else if (length > 0) {
      context.write(Http1Writer.chunkHead(context.alloc(), length));
      context.write(data);
      context.write(Http1Writer.chunkTail(context.alloc(), end));
    } else {
      data.release();
      if (end) {
        context.write(Http1Writer.lastChunk(context.alloc()));
      }
    }
    if (end) {
      end();
    }
  }

  @Override
  public void writeTrailers(Http2Headers trailers) {
    if (chunked) {
      var context = home.context();
      var alloc = context.alloc();
      context.write(
          home.withTrailers() ? writer.lastChunk(alloc, trailers) : Http1Writer.lastChunk(alloc));
    }
    end();
  }

  private void end() {
    over = requestComplete;
  }

  @Override
  public void done() {
    home.responded(this);
  }

  @Override
  public void flushTimeout(long millis) {
    // What is written is the connection's from then on.
  }

  @Override
  public void flush() {
    home.context().flush();
  }

  @Override
  public void reset(long code) {
    over = true;
  }

  @Override
  public boolean isWritable() {
    return home.context().channel().isWritable();
  }

  @Override
  public void read(boolean wanted) {
    home.flow(wanted);
  }
}
