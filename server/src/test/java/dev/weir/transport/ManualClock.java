package dev.weir.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that stands still until the test turns it.
public final class ManualClock implements Clock {
  private final AtomicLong now = new AtomicLong(1_000_000);

  @Override
  public long millis() {
    return now.get();
  }

  /// Turns the clock once every worker has done what it was given, and has each see to its timers.
  public void advance(Duration by, EventLoops loops) {
    for (var worker : loops.workers()) {
      CompletableFuture.runAsync(() -> {}, worker::execute).join();
    }
    now.addAndGet(by.toMillis());
    for (var worker : loops.workers()) {
      CompletableFuture.runAsync(worker.timers()::run, worker::execute).join();
    }
  }
}
