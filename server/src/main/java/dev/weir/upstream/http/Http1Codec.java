package dev.weir.upstream.http;

import dev.weir.upstream.connect.RequestAccount;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 on one connection: one request after the other, or a tunnel. Its worker only.
final class Http1Codec extends ChannelInboundHandlerAdapter implements ClientCodec {
  private final PooledConnection owner;
  private final Http1Response decoder;
  private final WireMeter meter;
  private @Nullable Http1Stream stream;

  /// A head that waits for what follows it, which may be the end.
  private @Nullable Http2Headers held;

  private boolean informational;
  private boolean raw;
  private boolean reading;
  private boolean broken;
  private boolean ended;
  private boolean reusable;

  Http1Codec(PooledConnection owner) {
    this.owner = owner;
    this.decoder = new Http1Response(owner.pool().config());
    this.meter = new WireMeter(owner.pool().stats());
  }

  @Override
  public void start() {
    var channel = owner.connection().channel();
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    channel.pipeline().addLast(meter, decoder, this);
    channel.config().setAutoRead(true);
  }

  @Override
  public UpstreamStream open(RequestAccount account) {
    var opened = new Http1Stream(this, account);
    stream = opened;
    return opened;
  }

  @Override
  public long capacity() {
    return 1;
  }

  PooledConnection owner() {
    return owner;
  }

  WireMeter meter() {
    return meter;
  }

  /// The request goes out to which the next response belongs.
  void expect(Http2Headers request) {
    decoder.expect(request);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    if (raw) {
      tunnelled(message);
      return;
    }
    boolean failed = ((HttpObject) message).decoderResult().isFailure();
    if (failed || stream == null || !stream.sent()) {
      ReferenceCountUtil.release(message);
      protocolError();
      return;
    }
    if (message instanceof HttpResponse response) {
      head(ctx, response);
    }
    if (message instanceof HttpContent content) {
      content(content);
    }
  }

  /// What comes on a tunnel: bytes; the decoder's last word, which is none of them, is left out.
  private void tunnelled(Object message) {
    if (message instanceof ByteBuf bytes && stream != null) {
      stream.onData(bytes, false);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(ChannelHandlerContext ctx, HttpResponse response) {
    var current = stream;
    if (current == null) {
      return;
    }
    if (response.headers().size() > owner.pool().config().limits().headerCount()) {
      protocolError();
      return;
    }
    var headers = Http1Response.headers(response);
    boolean lasting = HttpUtil.isKeepAlive(response);
    if (!lasting && response.status().code() >= 200) {
      owner.pool().stats().closeNotify.increment();
    }
    if (decoder.isTunnel(response)) {
      raw = true;
      current.onTunnel();
      current.onHeaders(headers, false);
      ctx.pipeline().remove(decoder); // which hands on what it has read beyond the head
    } else if (response.status().code() < 200) {
      informational = true;
      current.onInformational(headers);
    } else {
      current.lasting(lasting && (HttpUtil.isContentLengthSet(response) || isDelimited(response)));
      held = headers;
    }
  }

  private boolean isDelimited(HttpResponse response) {
    return HttpUtil.isTransferEncodingChunked(response) || decoder.isContentAlwaysEmpty(response);
  }

  private void content(HttpContent content) {
    var current = stream;
    boolean last = content instanceof LastHttpContent;
    if (last) {
      decoder.ended();
    }
    if (informational || current == null) {
      informational &= !last;
      content.release();
      return;
    }
    var trailers = trailers(content);
    boolean end = last && trailers == null;
    var head = held;
    held = null;
    boolean empty = !content.content().isReadable();
    if (head != null) {
      current.onHeaders(head, end && empty);
    }
    if (!empty || (end && head == null)) {
      current.onData(content.content(), end);
    } else {
      content.release();
    }
    if (trailers != null) {
      current.onTrailers(trailers);
    }
  }

  /// The trailers, if there are any and they are wanted.
  private @Nullable Http2Headers trailers(HttpContent content) {
    return content instanceof LastHttpContent last
            && !last.trailingHeaders().isEmpty()
            && owner.pool().config().http1().trailers()
        ? Http1Response.fields(last.trailingHeaders())
        : null;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (held != null && stream != null) {
      var head = held;
      held = null;
      stream.onHeaders(head, false);
    }
    if (stream != null) {
      stream.onReadComplete();
    }
    reading = false;
    if (ended) {
      ended = false;
      owner.onStreamEnded(reusable);
    }
  }

  private void protocolError() {
    if (!owner.isClosed()) {
      owner.pool().stats().protocolError.increment();
      if (stream != null) {
        stream.failWith(ResetReason.PROTOCOL_ERROR);
      }
      owner.close();
    }
  }

  /// The stream is over, both ways. The next one begins only when all is read that has come: what
  /// follows a response belongs to no request.
  void onEnded(boolean lasting) {
    stream = null;
    reusable = lasting && !raw;
    if (reading) {
      ended = true;
    } else {
      owner.onStreamEnded(reusable);
    }
  }

  /// Whether what is exchanged is not HTTP any more.
  boolean isTunnel() {
    return raw;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (stream != null) {
      stream.onWritable(ctx.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (raw && stream != null) {
      stream.onData(ctx.alloc().buffer(0), true);
    }
    if (stream != null && !raw && decoder.isWithinResponse()) {
      protocolError();
    } else if (stream != null && !raw && !broken) {
      owner.close(); // an end in the middle of something is for us to answer
    } else {
      owner.closedByPeer();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken = true; // by a reset
    ctx.close();
  }

  @Override
  public void onClosed() {
    if (stream != null) {
      stream.onConnectionClosed();
    }
  }
}
