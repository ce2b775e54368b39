package dev.weir.upstream.health;

import dev.weir.config.HealthCheckConfig.Schedule;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// When the next check is due. Main loop only.
final class CheckTimes {
  private final Schedule schedule;
  private final BooleanSupplier hadTraffic;
  private final RandomGenerator random;

  /// @param hadTraffic whether the cluster has ever made a connection: one that nobody uses is
  ///   checked less often
  CheckTimes(Schedule schedule, BooleanSupplier hadTraffic, RandomGenerator random) {
    this.schedule = schedule;
    this.hadTraffic = hadTraffic;
    this.random = random;
  }

  /// The pause before the first check.
  Duration first() {
    return Duration.ofMillis(below(schedule.initialJitter().toMillis()));
  }

  /// The pause between a check and the next.
  ///
  /// @param passed whether the check went well
  /// @param edge whether the host needs further such results to change its state
  Duration next(boolean passed, boolean edge) {
    long base = interval(passed, edge).toMillis();
    long share = base * schedule.intervalJitterPercent() / 100;
    return Duration.ofMillis(base + below(share) + below(schedule.intervalJitter().toMillis()));
  }

  private Duration interval(boolean passed, boolean edge) {
    var intervals = schedule.intervals();
    if (!hadTraffic.getAsBoolean()) {
      return passed && !edge ? intervals.noTrafficHealthy() : intervals.noTraffic();
    }
    if (passed) {
      return edge ? intervals.healthyEdge() : intervals.regular();
    }
    return edge ? intervals.unhealthyEdge() : intervals.unhealthy();
  }

  private long below(long bound) {
    return bound > 0 ? random.nextLong(bound) : 0;
  }
}
