package dev.weir.telemetry;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/// Something that only grows. Any thread may add to it.
///
/// One atomic word, not a `LongAdder`: a gateway has many thousands of counters and few workers, a
/// worker adds once for each batch that it reads, and an uncontended atomic add costs no more than
/// finding a `LongAdder`'s cell, of which each would hold 128 bytes.
public final class Counter implements Stat {
  /// Takes what is counted under an excluded name.
  static final Counter EXCLUDED = new Counter();

  private static final AtomicLongFieldUpdater<Counter> VALUE =
      AtomicLongFieldUpdater.newUpdater(Counter.class, "value");

  private volatile boolean used;
  private volatile long value;

  Counter() {}

  /// Adds one.
  public void increment() {
    add(1);
  }

  /// Adds an amount, which must not be negative.
  public void add(long amount) {
    if (this == EXCLUDED) {
      return;
    }
    VALUE.getAndAdd(this, amount);
    if (!used) {
      used = true;
    }
  }

  /// The sum since the start, or since the last reset.
  public long value() {
    return value;
  }

  /// Starts again at zero (`/reset_counters`); it stays used.
  void reset() {
    value = 0;
  }

  @Override
  public boolean used() {
    return used;
  }
}
