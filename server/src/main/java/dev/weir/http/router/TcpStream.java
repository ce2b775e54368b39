package dev.weir.http.router;

import dev.weir.config.HttpProtocol;
import dev.weir.transport.Sockets;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.connect.TcpUpstream;
import dev.weir.upstream.connect.UpstreamConnection;
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.StreamListener;
import dev.weir.upstream.http.UpstreamStream;
import dev.weir.upstream.http.WireBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// A plain TCP connection in the shape of a request: where CONNECT ends. The head goes nowhere and
/// is answered with 200, bodies are the bytes of the connection. Its worker only.
final class TcpStream extends ChannelInboundHandlerAdapter implements UpstreamStream {
  private final TcpUpstream upstream;
  private final Channel channel;
  private final @Nullable ByteBuf preamble;
  private final WireBytes bytes = new WireBytes();
  private @Nullable StreamListener listener;
  private boolean over;
  private boolean requestEnded;
  private boolean responseEnded;

  /// @param preamble sent before everything else, such as a PROXY header; null for nothing
  TcpStream(TcpUpstream upstream, @Nullable ByteBuf preamble) {
    this.upstream = upstream;
    this.channel = upstream.channel();
    this.preamble = preamble;
  }

  @Override
  public void listener(StreamListener next) {
    listener = next;
  }

  @Override
  public void sendHeaders(Http2Headers headers, boolean end) {
    channel.pipeline().addLast(this);
    channel.config().setAutoRead(true);
    if (preamble != null) {
      channel.writeAndFlush(preamble);
    }
    if (listener != null) {
      listener.onHeaders(new DefaultHttp2Headers(false).status("200"), false);
      listener.onReadComplete();
    }
    if (end && !over) {
      finish();
    }
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    int length = data.readableBytes();
    upstream.stats().get(Count.UPSTREAM_CX_TX_BYTES_TOTAL).add(length);
    channel.write(data, channel.voidPromise());
    if (end) {
      finish();
    }
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    finish();
  }

  private void finish() {
    requestEnded = true;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> {
          if (written.isSuccess() && !over) {
            Sockets.shutdownOutput(channel);
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
      over = true;
      upstream.close();
    }
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void read(boolean wanted) {
    channel.config().setAutoRead(wanted);
  }

  @Override
  public UpstreamConnection connection() {
    return upstream.connection();
  }

  @Override
  public HttpProtocol protocol() {
    return HttpProtocol.HTTP1;
  }

  @Override
  public WireBytes bytes() {
    return bytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var data = (ByteBuf) message;
    if (over || listener == null) {
      data.release();
      return;
    }
    upstream.stats().get(Count.UPSTREAM_CX_RX_BYTES_TOTAL).add(data.readableBytes());
    listener.onData(data, false);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!over && listener != null) {
      listener.onReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!over && listener != null) {
      listener.onWritable(channel.isWritable());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !over && !responseEnded) {
      responseEnded = true;
      if (requestEnded) {
        over = true;
        upstream.finishedByPeer();
      }
      if (listener != null) {
        listener.onData(Unpooled.EMPTY_BUFFER, true);
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    gone();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  private void gone() {
    if (!over) {
      over = true;
      upstream.closedByPeer();
      if (listener != null) {
        listener.onReset(ResetReason.CONNECTION_TERMINATION);
      }
    }
  }
}
