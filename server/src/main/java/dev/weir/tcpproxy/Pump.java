package dev.weir.tcpproxy;

import dev.weir.transport.Sockets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/// One direction of a relay: what its source sends goes to its sink. It is the handler of the
/// source's channel. Its worker only; a chunk that passes allocates nothing.
///
/// Back-pressure: while the sink has more than its buffer limit to write, the source is not read.
/// Half-close: once the source has ended and all of it is written, the sink's output may be shut
/// down.
final class Pump extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
  /// What each message in an outbound buffer counts beside its bytes.
  private static final int ENTRY_OVERHEAD =
      Integer.getInteger("io.netty.transport.outboundBufferEntrySizeOverhead", 96);

  private final Relay relay;
  private final PumpMeter meter;
  private final Channel source;
  private final Channel sink;
  private int batch;
  private long unsettled;
  private boolean paused;
  private boolean ended;
  private boolean finished;

  Pump(Relay relay, PumpMeter meter, Channel source, Channel sink) {
    this.relay = relay;
    this.meter = meter;
    this.source = source;
    this.sink = sink;
  }

  /// Begins to read.
  void start() {
    source.config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var chunk = (ByteBuf) message;
    batch += chunk.readableBytes();
    sink.write(chunk, sink.voidPromise()); // which owns it from here
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    int read = batch;
    if (read > 0) {
      batch = 0;
      unsettled += read;
      relay.touch();
      meter.received(read);
      sink.flush();
      settle();
    }
  }

  /// Counts as sent what has left since the last time.
  ///
  /// @return whether anything has
  boolean settle() {
    long waiting = waiting();
    meter.waiting(waiting);
    long sent = unsettled - waiting;
    if (sent <= 0) {
      return false;
    }
    unsettled = waiting;
    meter.sent(sent);
    return true;
  }

  /// How many bytes wait to be written to the sink.
  private long waiting() {
    var buffer = sink.unsafe().outboundBuffer();
    return buffer == null
        ? 0
        : Math.max(0, buffer.totalPendingWriteBytes() - (long) ENTRY_OVERHEAD * buffer.size());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    relay.onWritability(this, source.isWritable());
  }

  /// The sink takes no more for now, or takes more again.
  void sinkWritable(boolean writable) {
    if (paused == writable) {
      paused = !writable;
      meter.paused(paused);
      settle();
      source.config().setAutoRead(writable);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !ended) {
      ended = true;
      relay.onEnd(this);
      if (sink.isActive()) {
        sink.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this);
      }
    }
  }

  /// Everything up to the end of the source is written, or cannot be.
  @Override
  public void operationComplete(ChannelFuture flushed) {
    if (flushed.isSuccess()) {
      settle();
      finished = true;
      relay.onFinished(this);
    }
  }

  /// Passes the end of the stream on.
  void shutdownSink() {
    Sockets.shutdownOutput(sink);
  }

  /// Whether the source has ended.
  boolean ended() {
    return ended;
  }

  /// Whether it has ended, and all of it is written to the sink.
  boolean finished() {
    return finished;
  }

  /// Takes stock before the channels close.
  void close() {
    settle();
    meter.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    relay.onFailure(this, cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    relay.onFailure(this, null);
  }
}
