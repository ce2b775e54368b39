package dev.weir.upstream;

import dev.weir.config.CircuitBreakersConfig;
import dev.weir.telemetry.StatScope;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/// How much of something is in use, and whether that is less than the limit. Any thread.
final class Quota {
  private static final AtomicLongFieldUpdater<Quota> USED =
      AtomicLongFieldUpdater.newUpdater(Quota.class, "used");

  private final long limit;
  private final StatScope scope;
  private final String openGauge;
  private volatile long used;

  /// @param scope where the gauge is
  /// @param openGauge is 1 while the limit is reached
  Quota(long limit, StatScope scope, String openGauge) {
    this.limit = limit;
    this.scope = scope;
    this.openGauge = openGauge;
  }

  /// Whether there is room for one more.
  boolean hasRoom() {
    return used < limit;
  }

  /// Takes one, room or not.
  void take() {
    noteTaken(USED.incrementAndGet(this));
  }

  /// Takes one if there is room.
  boolean tryTake() {
    long now = used;
    while (now < limit) {
      if (USED.compareAndSet(this, now, now + 1)) {
        noteTaken(now + 1);
        return true;
      }
      now = used;
    }
    return false;
  }

  /// Gives one back.
  void give() {
    // Each crossing of the limit is seen by exactly one thread, so that these changes add up.
    if (USED.decrementAndGet(this) == limit - 1) {
      scope.gauge(openGauge).decrement();
    }
  }

  private void noteTaken(long now) {
    if (now == limit) {
      scope.gauge(openGauge).increment();
    }
  }

  long used() {
    return used;
  }

  /// How many more there may be; all that an unsigned number can say where there is no limit.
  long remaining() {
    return limit == CircuitBreakersConfig.UNLIMITED ? -1 : Math.max(0, limit - used);
  }
}
