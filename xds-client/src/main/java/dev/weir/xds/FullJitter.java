package dev.weir.xds;

import dev.weir.xds.ApiConfig.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// Waits between attempts: each is anything up to a bound that doubles, so that many clients who
/// lost their server together do not come back together. Main loop only.
final class FullJitter {
  private final Backoff backoff;
  private final RandomGenerator random;
  private Duration bound;

  FullJitter(Backoff backoff, RandomGenerator random) {
    this.backoff = backoff;
    this.random = random;
    bound = backoff.base();
  }

  /// How long to wait before the next attempt.
  Duration next() {
    var wait = Duration.ofMillis((long) (random.nextDouble() * bound.toMillis()));
    var doubled = bound.multipliedBy(2);
    bound = doubled.compareTo(backoff.max()) < 0 ? doubled : backoff.max();
    return wait;
  }

  /// The server has answered: the next failure begins with the first bound again.
  void reset() {
    bound = backoff.base();
  }
}
