package dev.weir.telemetry;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/// How values are distributed, in the last flush interval and since the start. Any thread may
/// record; what it recorded shows at the next flush. Some two kilobytes are held while values come,
/// and none once an interval has passed without one.
public final class Histogram implements Stat {
  /// Takes what is recorded under an excluded name.
  static final Histogram EXCLUDED = new Histogram();

  private static final AtomicReferenceFieldUpdater<Histogram, @Nullable ValueCounts> LATEST =
      AtomicReferenceFieldUpdater.newUpdater(Histogram.class, ValueCounts.class, "latest");

  private volatile @Nullable ValueCounts latest;

  /// What was let go at the last flush: a thread may have been about to add to it.
  private @Nullable ValueCounts retired;

  private volatile Distribution interval = Distribution.EMPTY;
  private volatile Distribution cumulative = Distribution.EMPTY;

  Histogram() {}

  /// Records a value; a negative one counts as zero.
  public void record(long value) {
    if (this != EXCLUDED) {
      latest().add(Math.max(0, value));
    }
  }

  private ValueCounts latest() {
    var present = latest;
    if (present != null) {
      return present;
    }
    var fresh = new ValueCounts();
    return LATEST.compareAndSet(this, null, fresh) ? fresh : latest();
  }

  /// Moves what was recorded since the last flush into what is shown. One thread.
  void flush() {
    var source = latest;
    var taken = take(retired).plus(take(source));
    retired = null;
    interval = taken;
    if (!taken.isEmpty()) {
      cumulative = cumulative.plus(taken);
    } else if (LATEST.compareAndSet(this, source, null)) {
      retired = source;
    }
  }

  private static Distribution take(@Nullable ValueCounts counts) {
    return counts == null ? Distribution.EMPTY : new Distribution(counts.take());
  }

  /// What was recorded between the last two flushes.
  public Distribution interval() {
    return interval;
  }

  /// What was recorded up to the last flush.
  public Distribution cumulative() {
    return cumulative;
  }

  @Override
  public boolean used() {
    return !cumulative.isEmpty();
  }
}
