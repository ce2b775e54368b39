package dev.weir.tcpproxy;

import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;

/// Runs out when a peer has not taken what waits for it for too long
/// (`per_connection_buffer_high_watermark_timeout`). Its worker only.
final class StuckTimer extends TimerWheel.Node {
  private final Worker worker;
  private final long millis;
  private final Runnable tooLong;

  /// @param millis how long a buffer may be above its limit
  StuckTimer(Worker worker, long millis, Runnable tooLong) {
    this.worker = worker;
    this.millis = millis;
    this.tooLong = tooLong;
  }

  /// The buffer is above its limit, or below it again.
  void above(boolean limit) {
    worker.timers().arm(this, limit ? worker.now() + millis : TimerWheel.NEVER);
  }

  @Override
  protected void fire() {
    tooLong.run();
  }
}
