package dev.weir.listener;

import dev.weir.config.ListenerConfig.DrainType;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Whether connections are asked to end because the server is about to be left: its health checks
/// fail on purpose, or its listeners drain. Any thread.
public final class DrainSignal {
  private static final long NOT_DRAINING = Long.MIN_VALUE;

  private final long time;
  private final DrainStrategy strategy;
  private volatile boolean failed;
  private volatile long since = NOT_DRAINING;

  /// @param time over which the connections are asked one after the other (`--drain-time-s`)
  /// @param strategy whether all of them are asked at once (`--drain-strategy`)
  public DrainSignal(Duration time, DrainStrategy strategy) {
    this.time = time.toNanos();
    this.strategy = strategy;
  }

  /// Whether health checks fail on purpose, which asks every connection.
  public void fail(boolean fails) {
    failed = fails;
  }

  /// The listeners begin to drain. Harmless if repeated.
  public void begin() {
    if (since == NOT_DRAINING) {
      since = System.nanoTime();
    }
  }

  /// Whether the connection that asks is to end, where its protocol has a way to; over the time the
  /// answer is yes more and more often.
  ///
  /// @param drains what is a reason for its listener: failing health checks are none for
  ///   `MODIFY_ONLY`
  boolean asks(DrainType drains) {
    if (failed && drains == DrainType.DEFAULT) {
      return true;
    }
    long began = since;
    if (began == NOT_DRAINING) {
      return false;
    }
    return strategy == DrainStrategy.IMMEDIATE
        || time == 0
        || ThreadLocalRandom.current().nextDouble() < (double) (System.nanoTime() - began) / time;
  }
}
