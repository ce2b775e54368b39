package dev.weir.upstream.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/// Counts the bytes of one connection for its cluster, as they pass. Its worker only.
final class WireMeter extends ChannelDuplexHandler {
  private final HttpStats stats;
  private long sent;
  private long received;
  private int lastRead;
  private int batch;

  WireMeter(HttpStats stats) {
    this.stats = stats;
  }

  /// How many bytes have been written so far.
  long sent() {
    return sent;
  }

  /// How many bytes have been read so far.
  long received() {
    return received;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      int size = bytes.readableBytes();
      received += size;
      batch += size;
      stats.bytesReceived.add(size);
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    buffered(batch);
    batch = 0;
    ctx.fireChannelReadComplete();
  }

  /// As with Envoy, the gauge says what the last read has brought.
  private void buffered(int bytes) {
    if (bytes > 0 && bytes != lastRead) {
      stats.receivedBuffered.add(bytes - lastRead);
      lastRead = bytes;
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      int size = bytes.readableBytes();
      sent += size;
      stats.bytesSent.add(size);
    }
    ctx.write(message, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stats.receivedBuffered.add(-lastRead);
    lastRead = 0;
    ctx.fireChannelInactive();
  }
}
