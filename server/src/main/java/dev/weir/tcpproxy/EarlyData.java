package dev.weir.tcpproxy;

import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.HoldHandler;
import dev.weir.telemetry.CloseType;
import dev.weir.transport.Sockets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/// Reads what a client sends before its upstream is there, and keeps it. Once it has more than its
/// limit, it reads no more. The connection's worker only.
final class EarlyData extends HoldHandler {
  private final Connection downstream;
  private final TcpProxyStats stats;
  private final int limit;
  private final Runnable firstData;
  private int batch;
  private boolean seen;

  /// @param limit in bytes
  /// @param firstData runs at the first byte
  EarlyData(Connection downstream, TcpProxyStats stats, int limit, Runnable firstData) {
    this.downstream = downstream;
    this.stats = stats;
    this.limit = limit;
    this.firstData = firstData;
  }

  /// Begins to read.
  void start() {
    var channel = downstream.channel();
    channel.pipeline().addLast(this);
    channel.config().setAutoRead(true);
  }

  /// How many bytes it has.
  int size() {
    var held = held();
    return held == null ? 0 : held.readableBytes();
  }

  /// It is this handler that reads, and goes on to.
  @Override
  public void read(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    batch += ((ByteBuf) message).readableBytes();
    super.channelRead(ctx, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    int read = batch;
    batch = 0;
    if (read == 0 || ctx.isRemoved()) {
      return;
    }
    stats.earlyData.increment();
    stats.received.add(read);
    downstream.record().addReceived(read);
    if (size() > limit) {
      ctx.channel().config().setAutoRead(false);
    }
    if (!seen) {
      seen = true;
      firstData.run();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !ended()) {
      stats.earlyData.increment(); // as on Envoy, it counts as data, and yet nobody connects for it
    }
    super.userEventTriggered(ctx, event);
  }

  /// Hands everything on to the handler behind this one, and leaves.
  void handOver() {
    var ctx = downstream.channel().pipeline().context(this);
    if (ctx != null) { // else the channel is closed
      handOver(ctx);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (Sockets.isReset(cause)) {
      downstream.record().closeType(CloseType.REMOTE_RESET);
      downstream.reset(CloseReason.PEER);
    } else {
      downstream.close(CloseReason.PEER);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    downstream.close(CloseReason.PEER);
  }
}
