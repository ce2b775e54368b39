package dev.weir.http.codec;

import dev.weir.config.HttpProtocol;
import dev.weir.transport.Sockets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.CharsetUtil;
import java.util.List;
import java.util.function.Consumer;

/// Tells HTTP/2 from HTTP/1 by the first bytes: HTTP/2 begins with `PRI * HTTP/2`. Its connection's
/// worker only.
public final class ProtocolSniffer extends ByteToMessageDecoder {
  private static final byte[] HTTP2 = "PRI * HTTP/2".getBytes(CharsetUtil.US_ASCII);

  private final CodecOwner owner;
  private final Consumer<HttpProtocol> found;

  /// @param found puts the protocol's handler behind this one
  public ProtocolSniffer(CodecOwner owner, Consumer<HttpProtocol> found) {
    this.owner = owner;
    this.found = found;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int known = Math.min(in.readableBytes(), HTTP2.length);
    for (int i = 0; i < known; i++) {
      if (in.getByte(in.readerIndex() + i) != HTTP2[i]) {
        found(ctx, HttpProtocol.HTTP1);
        return;
      }
    }
    if (known == HTTP2.length) {
      found(ctx, HttpProtocol.HTTP2);
    }
  }

  private void found(ChannelHandlerContext ctx, HttpProtocol protocol) {
    found.accept(protocol);
    ctx.pipeline().remove(this); // hands on what it has in hand
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      owner.onRemoteClose(false);
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    owner.onRemoteClose(Sockets.isReset(cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    owner.onRemoteClose(false);
    super.channelInactive(ctx);
  }
}
