package dev.weir.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/// Counts the bytes of a connection, below its protocol. Its worker only.
final class ByteMeter extends ChannelDuplexHandler {
  private final CodecOwner owner;
  private int batch;
  private int lastRead;

  ByteMeter(CodecOwner owner) {
    this.owner = owner;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    int size = ((ByteBuf) message).readableBytes();
    batch += size;
    owner.onBytesRead(size);
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (batch > 0) {
      buffered(batch);
      batch = 0;
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    buffered(0);
    ctx.fireChannelInactive();
  }

  private void buffered(int bytes) {
    if (bytes != lastRead) {
      owner.onBuffered(bytes - lastRead);
      lastRead = bytes;
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    owner.onBytesWritten(((ByteBuf) message).readableBytes());
    ctx.write(message, promise);
  }
}
