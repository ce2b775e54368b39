package dev.weir.upstream.outlier;

import dev.weir.config.OutlierDetectionConfig.Ejection;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// The ejections of one host: how many there were, and how long the present one lasts. Main loop
/// only.
final class Ejections {
  private static final long NEVER = Long.MIN_VALUE;

  private int count;
  private long steps;
  private Duration jitter = Duration.ZERO;
  private long ejectedAt;
  private long changedAt = NEVER;

  /// The host is ejected. Each further ejection takes a step longer, up to the longest.
  void eject(Ejection config, long now, RandomGenerator random) {
    count++;
    ejectedAt = now;
    changedAt = now;
    jitter = Duration.ofMillis(random.nextLong(config.jitter().toMillis() + 1));
    var longest = config.maxTime().plus(config.baseTime());
    if (config.baseTime().multipliedBy(steps).compareTo(longest) < 0) {
      steps++;
    }
  }

  /// Whether the present one has lasted long enough.
  boolean isOver(Ejection config, long now) {
    var base = config.baseTime().multipliedBy(steps);
    var time = base.compareTo(config.maxTime()) < 0 ? base : config.maxTime();
    return time.plus(jitter).toNanos() <= now - ejectedAt;
  }

  /// The host is taken back.
  void end(long now) {
    changedAt = now;
  }

  /// An interval has passed in which it was not ejected: the next ejection is a step shorter.
  void forgive() {
    steps = Math.max(0, steps - 1);
  }

  /// How many there were.
  int count() {
    return count;
  }

  /// Seconds since the host was last ejected or taken back; -1 if it never was.
  long secondsSinceChange(long now) {
    return changedAt == NEVER ? -1 : Duration.ofNanos(now - changedAt).toSeconds();
  }
}
