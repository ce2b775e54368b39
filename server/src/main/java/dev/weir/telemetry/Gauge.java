package dev.weir.telemetry;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Something that rises and falls. Any thread may change it.
public final class Gauge implements Stat {
  /// Takes what is measured under an excluded name.
  static final Gauge EXCLUDED = new Gauge(null);

  private static final AtomicLongFieldUpdater<Gauge> VALUE =
      AtomicLongFieldUpdater.newUpdater(Gauge.class, "value");

  private final @Nullable LongSupplier source;
  private volatile boolean used;
  private volatile long value;

  /// Makes a gauge that is set, or one that asks.
  ///
  /// @param source is asked for the value whenever it is shown; null for a gauge that is set
  Gauge(@Nullable LongSupplier source) {
    this.source = source;
    this.used = source != null;
  }

  /// Sets the value.
  public void set(long next) {
    if (this == EXCLUDED) {
      return;
    }
    value = next;
    used = true;
  }

  /// Adds an amount, which may be negative.
  public void add(long amount) {
    if (this == EXCLUDED) {
      return;
    }
    VALUE.getAndAdd(this, amount);
    if (!used) {
      used = true;
    }
  }

  /// Adds one.
  public void increment() {
    add(1);
  }

  /// Takes one away.
  public void decrement() {
    add(-1);
  }

  /// The present value.
  public long value() {
    return source == null ? value : source.getAsLong();
  }

  @Override
  public boolean used() {
    return used;
  }
}
