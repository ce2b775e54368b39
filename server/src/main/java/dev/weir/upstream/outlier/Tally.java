package dev.weir.upstream.outlier;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/// How many results there were, and how many of them good. Any thread counts; the main loop looks
/// at what was counted since it looked last.
final class Tally {
  private static final AtomicLongFieldUpdater<Tally> TOTAL =
      AtomicLongFieldUpdater.newUpdater(Tally.class, "total");
  private static final AtomicLongFieldUpdater<Tally> GOOD =
      AtomicLongFieldUpdater.newUpdater(Tally.class, "good");

  private volatile long total;
  private volatile long good;
  private long totalBefore;
  private long goodBefore;
  private long volume;
  private double rate;
  private volatile double shown = -1;

  void count(boolean wasGood) {
    if (wasGood) {
      GOOD.incrementAndGet(this);
    }
    TOTAL.incrementAndGet(this);
  }

  /// Ends an interval. Main loop only.
  void turn() {
    long totalNow = total;
    long goodNow = Math.min(good, goodBefore + totalNow - totalBefore);
    volume = totalNow - totalBefore;
    rate = volume == 0 ? 0 : (goodNow - goodBefore) * 100.0 / volume;
    totalBefore = totalNow;
    goodBefore = goodNow;
    shown = -1;
  }

  /// How many results the last interval had. Main loop only.
  long volume() {
    return volume;
  }

  /// How many percent of them were good. Main loop only.
  double rate() {
    return rate;
  }

  /// Shows the rate, as there were enough results to say something. Main loop only.
  void show() {
    shown = rate;
  }

  /// The rate of the last interval, if it is shown; else -1. Any thread.
  double shown() {
    return shown;
  }
}
