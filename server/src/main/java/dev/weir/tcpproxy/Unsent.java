package dev.weir.tcpproxy;

import dev.weir.transport.Worker;
import io.netty.channel.Channel;

/// How much of what was written to a channel has not left yet. The channel's worker only.
final class Unsent implements Runnable {
  /// What each message in an outbound buffer counts beside its bytes.
  private static final int ENTRY_OVERHEAD =
      Integer.getInteger("io.netty.transport.outboundBufferEntrySizeOverhead", 96);

  private final Channel sink;
  private final PumpMeter meter;
  private final boolean sentLater;
  private final Runnable whenSent;
  private long unsettled;
  private boolean looking;

  /// @param meter is told what has left and what waits
  /// @param whenSent runs when something has left after its flush, where channels send later
  Unsent(Channel sink, PumpMeter meter, Worker worker, Runnable whenSent) {
    this.sink = sink;
    this.meter = meter;
    this.sentLater = worker.transport().sendsLater();
    this.whenSent = whenSent;
  }

  /// So many bytes were written.
  void add(int bytes) {
    unsettled += bytes;
  }

  /// Whether all of it had left when somebody last looked.
  boolean isNothing() {
    return unsettled == 0;
  }

  /// Counts as sent what has left since the last time.
  ///
  /// @param beside how much waits elsewhere, in bytes
  /// @return whether anything has
  boolean settle(long beside) {
    long waiting = beside + waiting();
    meter.waiting(waiting);
    long sent = unsettled - waiting;
    if (sent <= 0) {
      return false;
    }
    unsettled = waiting;
    meter.sent(sent);
    return true;
  }

  /// What was written is flushed: counts what has left, and looks again when the loop has sent the
  /// rest, where it does so later.
  void flushed() {
    settle(0);
    if (sentLater && unsettled > 0 && !looking) {
      looking = true;
      sink.eventLoop().execute(this);
    }
  }

  @Override
  public void run() {
    looking = false;
    if (unsettled > 0 && settle(0)) {
      whenSent.run();
    }
  }

  /// Counts no more: the channel is about to close.
  void end() {
    unsettled = 0;
  }

  /// Counts all of it as sent: the channel says that nothing waits any more.
  void settleAll() {
    meter.waiting(0);
    if (unsettled > 0) {
      meter.sent(unsettled);
      unsettled = 0;
    }
  }

  private long waiting() {
    var buffer = sink.unsafe().outboundBuffer();
    return buffer == null
        ? 0
        : Math.max(0, buffer.totalPendingWriteBytes() - (long) ENTRY_OVERHEAD * buffer.size());
  }
}
