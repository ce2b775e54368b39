package dev.weir.tcpproxy;

import dev.weir.transport.Sockets;
import dev.weir.transport.Splice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One direction of a relay: what its source sends goes to its sink. It is the handler of the
/// source's channel. Its worker only; a chunk that passes allocates nothing.
///
/// Back-pressure: while the sink has more than its buffer limit to write, the source is not read.
/// Half-close: once the source has ended and all of it is written, the sink's output may be shut
/// down.
///
/// It copies at first. Once a direction proves to be bulk, and nobody has to see the bytes, a
/// [Splice] moves them within the kernel, until it leaves; all but the moving is done here.
final class Pump extends ChannelInboundHandlerAdapter
    implements ChannelFutureListener, Splice.Owner {
  /// How much has to come without a break before a direction counts as bulk, in bytes.
  private static final long BULK = 1 << 20;

  /// A batch that is smaller is a break.
  private static final int BREAK = 16 * 1024;

  private final Relay relay;
  private final PumpMeter meter;
  private final Channel source;
  private final Channel sink;
  private @Nullable Splice splice;
  private boolean copiesOnly;
  private int batch;
  private long run;
  private final Unsent unsent;
  private boolean turning;
  private boolean paused;
  private boolean ended;
  private boolean finished;

  Pump(Relay relay, PumpMeter meter, Channel source, Channel sink) {
    this.relay = relay;
    this.meter = meter;
    this.source = source;
    this.sink = sink;
    this.unsent = new Unsent(sink, meter, relay.worker(), relay::touch);
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
      unsent.add(read);
      relay.touch();
      meter.received(read);
      sink.flush();
      unsent.flushed();
      run = read < BREAK ? 0 : run + read;
      if (unsent.isNothing() && isBulk()) {
        source.config().setAutoRead(false);
        beginSplice();
      }
    }
  }

  /// Whether it carries as much as is worth a splice, and may be spliced.
  private boolean isBulk() {
    if (run < BULK || copiesOnly || ended || turning) {
      return false;
    }
    if (splice == null) {
      splice = relay.splice(source, sink, this);
      copiesOnly = splice == null;
    }
    return !copiesOnly;
  }

  private void beginSplice() {
    run = 0;
    if (splice != null && !ended && source.isActive()) {
      splice.begin();
    }
  }

  /// Goes on not reading, and lets the splice take over once all that waits is written.
  private void turnToSplice() {
    turning = true;
    sink.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> {
          turning = false;
          if (written.isSuccess()) {
            resume();
            beginSplice();
          }
        });
  }

  private void resume() {
    paused = false;
    meter.paused(false);
    settle();
  }

  @Override
  public void onSpliced(int read) {
    if (read > 0) {
      unsent.add(read);
      meter.received(read);
    }
    if (settle() || read > 0) {
      relay.touch();
    }
  }

  @Override
  public void onSpliceLeft(@Nullable ByteBuf rest) {
    if (rest != null) {
      sink.writeAndFlush(rest, sink.voidPromise());
    }
    if (sink.isWritable()) {
      source.config().setAutoRead(true);
    }
  }

  @Override
  public void onSpliceFailed(boolean writing, IOException cause) {
    relay.onSpliceFailure(this, writing, cause);
  }

  /// Counts as sent what has left since the last time.
  ///
  /// @return whether anything has
  boolean settle() {
    return unsent.settle(splice == null ? 0 : splice.held());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    relay.onWritability(this, source.isWritable());
  }

  /// The sink takes no more for now, or takes more again.
  void sinkWritable(boolean writable) {
    if (paused != writable || turning) {
      return;
    }
    if (!writable) {
      paused = true;
      meter.paused(true);
      settle();
      source.config().setAutoRead(false);
    } else if (isBulk()) {
      turnToSplice();
    } else {
      resume();
      source.config().setAutoRead(true);
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
      unsent.settleAll();
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
    unsent.end();
    if (splice != null) {
      splice.close();
    }
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
