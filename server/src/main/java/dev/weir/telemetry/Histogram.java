package dev.weir.telemetry;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.HdrHistogram.PackedHistogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/// How values are distributed, in the last flush interval and since the start. Any thread may
/// record; what it recorded shows at the next flush. Nothing is held before the first value.
public final class Histogram implements Stat {
  /// Takes what is recorded under an excluded name.
  static final Histogram EXCLUDED = new Histogram();

  /// Two digits: a value is shown with an error of at most one percent.
  private static final int DIGITS = 2;

  private static final AtomicReferenceFieldUpdater<Histogram, @Nullable Recorder> RECORDER =
      AtomicReferenceFieldUpdater.newUpdater(Histogram.class, Recorder.class, "recorder");

  private volatile @Nullable Recorder recorder;
  private volatile Distribution interval = Distribution.EMPTY;
  private volatile Distribution cumulative = Distribution.EMPTY;
  private @Nullable PackedHistogram total;

  Histogram() {}

  /// Records a value; a negative one counts as zero.
  public void record(long value) {
    if (this != EXCLUDED) {
      recorder().recordValue(Math.max(0, value));
    }
  }

  private Recorder recorder() {
    var present = recorder;
    if (present != null) {
      return present;
    }
    var fresh = new Recorder(DIGITS, true);
    return RECORDER.compareAndSet(this, null, fresh) ? fresh : recorder();
  }

  /// Moves what was recorded since the last flush into what is shown. One thread.
  void flush() {
    var source = recorder;
    if (source == null) {
      return;
    }
    var latest = source.getIntervalHistogram();
    if (latest.getTotalCount() == 0) {
      interval = Distribution.EMPTY;
      return;
    }
    var sum = total;
    if (sum == null) {
      sum = new PackedHistogram(DIGITS);
      sum.setAutoResize(true);
      total = sum;
    }
    sum.add(latest);
    interval = Distribution.of(latest);
    cumulative = Distribution.of(sum);
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
    return cumulative != Distribution.EMPTY;
  }
}
