package dev.weir.tcpproxy;

import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.telemetry.CloseType;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.transport.Sockets;
import dev.weir.transport.Splice;
import dev.weir.transport.Worker;
import dev.weir.upstream.connect.TcpUpstream;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Two connected sides and what goes between them, from the connect to the end of both. Its worker
/// only.
///
/// Each side ends on its own: its FIN is passed on once all before it is written, and a side is
/// closed when both of its halves are. A reset of one side resets the other.
final class Relay implements Session {
  private final Connection downstream;
  private final TcpUpstream upstream;
  private final TcpProxyStats stats;
  private final @Nullable EarlyData early;
  private final boolean checksDrain;
  private final @Nullable StuckTimer stuckUpstream;
  private final @Nullable StuckTimer stuckClient;
  private final Pump upload;
  private final Pump download;
  private boolean flushing;
  private boolean over;
  private boolean draining;

  /// @param early what the client has sent already; null if nothing was read
  /// @param checksDrain whether a byte that moves ends a connection that is to be drained
  Relay(
      Connection downstream,
      TcpUpstream upstream,
      TcpProxyStats stats,
      @Nullable EarlyData early,
      boolean checksDrain) {
    this.checksDrain = checksDrain;
    this.early = early;
    this.downstream = downstream;
    this.upstream = upstream;
    this.stats = stats;
    var record = downstream.record();
    var client = downstream.channel();
    var server = upstream.channel();
    var up =
        new PumpMeter.Upload(record, stats, upstream.stats(), early == null ? 0 : early.size());
    var down = new PumpMeter.Download(record, stats, upstream.stats());
    stuckUpstream = timer(upstream.highWatermarkMillis(), this::giveUpUpstream);
    stuckClient = timer(downstream.highWatermarkMillis(), this::giveUpClient);
    upload = new Pump(this, up, client, server);
    download = new Pump(this, down, server, client);
  }

  private @Nullable StuckTimer timer(long patience, Runnable tooLong) {
    return patience == 0 ? null : new StuckTimer(downstream.worker(), patience, tooLong);
  }

  /// Begins to read both sides.
  @Override
  public void start() {
    downstream.channel().pipeline().addLast(upload);
    upstream.channel().pipeline().addLast(download);
    if (!downstream.channel().isActive()) {
      onFailure(upload, null); // gone while the upstream was being connected
      return;
    }
    if (early != null) {
      early.handOver();
    }
    upload.start();
    if (!over) {
      download.start();
    }
  }

  /// Where both sides live.
  Worker worker() {
    return downstream.worker();
  }

  /// What may move bytes past a pump; null if these channels do not allow it.
  @Nullable Splice splice(Channel source, Channel sink, Pump pump) {
    return Splice.between(downstream.worker(), source, sink, pump);
  }

  /// The upstream does not take what waits for it.
  private void giveUpUpstream() {
    downstream.record().upstream().localCloseReason("buffer_high_watermark_timeout_reached");
    downstream.close(CloseReason.PEER);
  }

  /// The client does not take what waits for it.
  private void giveUpClient() {
    downstream.close(CloseReason.BUFFER_TIMEOUT);
  }

  /// A byte has moved.
  void touch() {
    downstream.touch();
    if (checksDrain && !draining && downstream.drainsNow()) {
      draining = true;
      // Not in the middle of a read: what it brought is to be passed on.
      downstream.worker().execute(this::drain);
    }
  }

  /// The listener wants to be rid of the connection: closes it once all is written to the client.
  private void drain() {
    if (over) {
      return;
    }
    stats.drainClose.increment();
    downstream
        .channel()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(_ -> downstream.close(CloseReason.DRAIN));
  }

  /// Notes what has been written since the last look.
  ///
  /// @return whether anything was
  @Override
  public boolean settle() {
    boolean up = upload.settle();
    return download.settle() || up;
  }

  /// A pump's source takes more, or no more: that is the other pump's sink.
  void onWritability(Pump pump, boolean writable) {
    other(pump).sinkWritable(writable);
    var stuck = pump == download ? stuckUpstream : stuckClient;
    if (stuck != null && !over) {
      stuck.above(!writable);
    }
  }

  private Pump other(Pump pump) {
    return pump == upload ? download : upload;
  }

  /// A pump's source has sent its FIN.
  void onEnd(Pump pump) {
    touch();
    if (pump == download && upload.finished()) {
      upstream.closedByPeer(); // our FIN had gone before
    }
  }

  /// All that a pump's source has sent is written.
  void onFinished(Pump pump) {
    if (over) {
      return;
    }
    if (pump == upload) {
      uploaded();
    } else {
      downloaded();
    }
  }

  private void uploaded() {
    if (!download.ended()) {
      upload.shutdownSink();
      return;
    }
    upstream.close(); // its FIN had come before
    if (flushing) {
      end();
    } else if (download.finished()) {
      downstream.close(CloseReason.PEER);
    }
  }

  private void downloaded() {
    if (!upload.ended()) {
      download.shutdownSink();
    } else if (upload.finished()) {
      downstream.close(CloseReason.PEER);
    } else {
      flushUpstream();
    }
  }

  /// The client is done both ways, while the upstream has yet to take what it sent.
  private void flushUpstream() {
    flushing = true;
    stats.upstreamFlushes.increment();
    stats.upstreamFlushesActive.increment();
    downstream.close(CloseReason.PEER);
  }

  /// A pump's source has failed, or was closed by a failed write.
  ///
  /// @param cause null if it was found closed
  void onFailure(Pump pump, @Nullable Throwable cause) {
    boolean gone = pump == upload ? downstream.isClosed() : upstream.isClosed();
    if (over || gone) {
      return;
    }
    boolean reset = cause == null || Sockets.isReset(cause);
    if (pump == upload) {
      clientFailed(reset);
    } else if (flushing) {
      upstream.closedByPeer();
      end();
    } else {
      upstreamFailed(reset);
    }
  }

  /// A splice has failed, at the source of its pump or at the sink, which is the other one's
  /// source.
  void onSpliceFailure(Pump pump, boolean writing, IOException cause) {
    onFailure(writing ? other(pump) : pump, writing ? null : cause);
  }

  private void clientFailed(boolean reset) {
    if (reset) {
      downstream.record().closeType(CloseType.REMOTE_RESET);
      downstream.reset(CloseReason.PEER);
    } else {
      downstream.close(CloseReason.PEER);
    }
  }

  private void upstreamFailed(boolean reset) {
    upstream.closedByPeer();
    if (reset) {
      downstream.record().flag(ResponseFlag.UR);
      downstream.record().upstream().closeType(CloseType.REMOTE_RESET);
      downstream.record().closeType(CloseType.LOCAL_RESET);
      downstream.reset(CloseReason.PEER);
    } else {
      deliverAndClose();
    }
  }

  /// What the upstream has sent is written, then the client's connection ends.
  private void deliverAndClose() {
    var client = downstream.channel();
    client.config().setAutoRead(false);
    client
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(_ -> downstream.close(CloseReason.PEER));
  }

  /// The host is lost, and its connections are closed.
  void onHostLost() {
    if (!over && !upstream.isClosed()) {
      upstream.close();
      deliverAndClose();
    }
  }

  /// The client's connection has ended.
  ///
  /// @return whether the upstream still has to take what the client sent
  @Override
  public boolean onDownstreamClosed(CloseReason reason, boolean reset) {
    if (flushing) {
      return true;
    }
    var localReason = reason.localReason();
    if (localReason != null) {
      downstream.record().upstream().localCloseReason(localReason);
    }
    takeStock();
    if (reset) {
      upstream.reset();
    } else {
      upstream.close();
    }
    return false;
  }

  /// Gives up on an upstream that does not take what the client sent.
  @Override
  public void abandon() {
    upstream.close();
    end();
  }

  private void end() {
    takeStock();
    stats.upstreamFlushesActive.decrement();
  }

  private static void disarm(@Nullable StuckTimer timer) {
    if (timer != null) {
      timer.above(false);
    }
  }

  private void takeStock() {
    over = true;
    disarm(stuckUpstream);
    disarm(stuckClient);
    upload.close();
    download.close();
  }
}
