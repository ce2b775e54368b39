package dev.weir.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/// Counts the bytes of a connection, below its protocol. Its worker only.
final class ByteMeter extends ChannelDuplexHandler {
  private final CodecOwner owner;

  ByteMeter(CodecOwner owner) {
    this.owner = owner;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    owner.onBytesRead(((ByteBuf) message).readableBytes());
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    owner.onBytesWritten(((ByteBuf) message).readableBytes());
    ctx.write(message, promise);
  }
}
