package dev.weir.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A clock that stands still until the test turns it.
public final class ManualClock implements Clock {
  private volatile long now = 1_000_000;

  @Override
  public long millis() {
    return now;
  }

  /// Turns the clock, and has every worker see to its timers.
  public void advance(Duration by, EventLoops loops) {
    now += by.toMillis();
    for (var worker : loops.workers()) {
      CompletableFuture.runAsync(worker.timers()::run, worker::execute).join();
    }
  }
}
