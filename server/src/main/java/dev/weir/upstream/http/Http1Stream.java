package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;
import dev.weir.config.UpstreamHttpConfig.Http1;
import dev.weir.upstream.connect.RequestAccount;
import dev.weir.upstream.connect.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// A request and its response on an HTTP/1.1 connection. Its worker only.
final class Http1Stream implements UpstreamStream {
  private final Http1Codec codec;
  private final RequestAccount account;
  private final Channel channel;
  private final WireBytes bytes = new WireBytes();
  private final long sentBefore;
  private final long receivedBefore;
  private StreamListener listener = Deaf.LISTENER;
  private Http1Request.Body body = Http1Request.Body.PLAIN;
  private ResetReason failure = ResetReason.CONNECTION_TERMINATION;
  private boolean connect;
  private boolean sent;
  private boolean requestEnded;
  private boolean responseEnded;
  private boolean over;
  private boolean lasting;

  Http1Stream(Http1Codec codec, RequestAccount account) {
    this.codec = codec;
    this.account = account;
    this.channel = codec.owner().connection().channel();
    this.sentBefore = codec.meter().sent();
    this.receivedBefore = codec.meter().received();
  }

  @Override
  public void listener(StreamListener next) {
    listener = next;
  }

  @Override
  public void sendHeaders(Http2Headers headers, boolean end) {
    if (over) {
      return;
    }
    sent = true;
    body = Http1Request.body(headers, end);
    connect = Http1Request.isMethod(headers, "CONNECT");
    codec.expect(headers);
    var out = channel.alloc().buffer();
    Http1Request.writeHead(headers, body, end, options(), out);
    bytes.headersSent = out.readableBytes();
    write(out);
    if (end) {
      requestEnded();
    }
  }

  private Http1 options() {
    return codec.owner().pool().config().http1();
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    if (over || requestEnded) {
      data.release();
      return;
    }
    int size = data.readableBytes();
    if (size == 0) {
      data.release();
    } else if (body == Http1Request.Body.CHUNKED) {
      var start = channel.alloc().buffer(16);
      Http1Request.writeChunkStart(size, start);
      write(start);
      write(data);
      var behind = channel.alloc().buffer(16);
      Http1Request.writeChunkEnd(behind);
      write(behind);
    } else {
      write(data);
    }
    if (end) {
      finish(null);
    }
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    if (!over && !requestEnded) {
      finish(trailers);
    }
  }

  private void finish(@Nullable Http2Headers trailers) {
    if (body == Http1Request.Body.CHUNKED) {
      var out = channel.alloc().buffer();
      Http1Request.writeEnd(trailers, options(), out);
      write(out);
    }
    requestEnded();
  }

  private void write(ByteBuf out) {
    channel.write(out, channel.voidPromise());
  }

  /// The end of what a client sends to a host that is to speak another protocol, such as websocket,
  /// stays untold, as on Envoy: those protocols have an end of their own.
  private void requestEnded() {
    requestEnded = true;
    if (body == Http1Request.Body.RAW && connect) {
      endTunnel();
    } else if (responseEnded) {
      end();
    }
  }

  /// HTTP/1.1 cannot end one half of a tunnel: both end, once all is written.
  private void endTunnel() {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(_ -> {
          if (!over) {
            over();
            codec.owner().close();
          }
        });
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public void reset(ResetReason reason) {
    if (!over) {
      listener = Deaf.LISTENER;
      codec.owner().close();
    }
  }

  @Override
  public void conclude() {
    sendData(Unpooled.EMPTY_BUFFER, true);
    if (!over && body != Http1Request.Body.RAW) {
      endTunnel();
    }
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void read(boolean wanted) {
    if (!over && channel.config().isAutoRead() != wanted) {
      var stats = codec.owner().pool().stats();
      (wanted ? stats.resumedReading : stats.pausedReading).increment();
      channel.config().setAutoRead(wanted);
    }
  }

  @Override
  public UpstreamConnection connection() {
    return codec.owner().connection();
  }

  @Override
  public HttpProtocol protocol() {
    return HttpProtocol.HTTP1;
  }

  @Override
  public WireBytes bytes() {
    bytes.sent = codec.meter().sent() - sentBefore;
    bytes.received = codec.meter().received() - receivedBefore;
    return bytes;
  }

  /// Whether a response may come.
  boolean sent() {
    return sent;
  }

  /// Whether the connection outlasts the response.
  void lasting(boolean reusable) {
    lasting = reusable;
  }

  /// Both sides agree that what follows is not HTTP.
  void onTunnel() {
    body = Http1Request.Body.RAW;
  }

  void onInformational(Http2Headers headers) {
    listener.onInformational(headers);
  }

  void onHeaders(Http2Headers headers, boolean end) {
    bytes.headersReceived = codec.meter().received() - receivedBefore;
    listener.onHeaders(headers, end);
    responded(end);
  }

  void onData(ByteBuf data, boolean end) {
    listener.onData(data, end);
    responded(end);
  }

  void onTrailers(Http2Headers trailers) {
    listener.onTrailers(trailers);
    responded(true);
  }

  private void responded(boolean end) {
    if (!end || over) {
      return;
    }
    responseEnded = true;
    if (body != Http1Request.Body.RAW || !codec.isTunnel()) {
      end();
    }
  }

  /// The response has ended. If the request has not, its rest would be taken for another one, so
  /// the connection is done with.
  private void end() {
    over();
    channel.config().setAutoRead(true);
    codec.onEnded(requestEnded && lasting);
  }

  void onReadComplete() {
    listener.onReadComplete();
  }

  void onWritable(boolean writable) {
    listener.onWritable(writable);
  }

  /// Why the connection is about to be closed.
  void failWith(ResetReason reason) {
    failure = reason;
  }

  void onConnectionClosed() {
    if (!over) {
      over();
      listener.onReset(failure);
    }
  }

  private void over() {
    over = true;
    account.end();
  }
}
