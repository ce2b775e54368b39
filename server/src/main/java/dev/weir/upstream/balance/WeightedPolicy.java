package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.SlowStart;
import dev.weir.upstream.host.HostList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A policy that goes by weight where weights differ, and is simple where they do not.
final class WeightedPolicy implements ListPolicy {
  private final ListPolicy even;
  private final Weighing weighing;
  private final @Nullable SlowStartWeighing slowStart;
  private final int workers;

  private WeightedPolicy(
      ListPolicy even, Weighing weighing, @Nullable SlowStartWeighing slowStart, int workers) {
    this.even = even;
    this.weighing = weighing;
    this.slowStart = slowStart;
    this.workers = workers;
  }

  /// @param even for hosts of the same weight
  /// @param weighing for others
  /// @param slowStart null for none
  static WeightedPolicy of(
      ListPolicy even,
      Weighing weighing,
      @Nullable SlowStart slowStart,
      LongSupplier nanoTime,
      int workers) {
    return slowStart == null
        ? new WeightedPolicy(even, weighing, null, workers)
        : new WeightedPolicy(
            even, weighing, new SlowStartWeighing(slowStart, weighing, nanoTime), workers);
  }

  @Override
  public LoadBalancer over(HostList hosts, @Nullable LoadBalancer before) {
    boolean warmingUp = slowStart != null && slowStart.concerns(hosts);
    if (hosts.size() <= 1 || (hosts.even() && !warmingUp)) {
      return even.over(hosts, before);
    }
    if (before instanceof WeightedPick pick && pick.isOver(hosts)) {
      return pick;
    }
    return new WeightedPick(hosts, slowStart == null ? weighing : slowStart, workers);
  }
}
