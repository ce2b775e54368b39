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

  /// Turns the clock once every worker has done what it was given, and has each see to its timers.
  public void advance(Duration by, EventLoops loops) {
    for (var worker : loops.workers()) {
      CompletableFuture.runAsync(() -> {}, worker::execute).join();
    }
    now += by.toMillis();
    for (var worker : loops.workers()) {
      CompletableFuture.runAsync(worker.timers()::run, worker::execute).join();
    }
  }
}
