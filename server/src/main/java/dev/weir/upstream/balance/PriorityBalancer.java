package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses a priority by its share of the load, then, where that is wanted, a locality, then a host
/// of it by the policy. Immutable apart from the policy's cursors.
final class PriorityBalancer implements LoadBalancer {
  private final HostTable table;
  private final PriorityLoad load;
  private final List<Tier> tiers;
  private final boolean failOnPanic;
  private final BalancerStats stats;

  /// One priority.
  ///
  /// @param byLocality in the order of the host set; empty where localities are never chosen
  /// @param localities null where localities do not count
  record Tier(
      PickersByHealth whole,
      List<PickersByHealth> byLocality,
      @Nullable LocalityChoice localities,
      boolean panic) {}

  /// @param failOnPanic answers panic with no host at all
  PriorityBalancer(
      HostTable table,
      PriorityLoad load,
      List<Tier> tiers,
      boolean failOnPanic,
      BalancerStats stats) {
    this.table = table;
    this.load = load;
    this.tiers = List.copyOf(tiers);
    this.failOnPanic = failOnPanic;
    this.stats = stats;
  }

  /// A priority; null if there is none of that number.
  @Nullable Tier tier(int priority) {
    return priority < tiers.size() ? tiers.get(priority) : null;
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    int chosen = request.priority(load, request.draw());
    var tier = tiers.get(chosen >> 1);
    boolean degraded = (chosen & 1) != 0;
    if (tier.panic) {
      stats.panic();
      return failOnPanic ? null : tier.whole.all().pick(request);
    }
    var localities = tier.localities;
    int locality = localities == null ? LocalityChoice.WHOLE : localities.choose(request, degraded);
    return switch (locality) {
      case LocalityChoice.WHOLE -> tier.whole.available(degraded).pick(request);
      case LocalityChoice.NOWHERE -> null;
      default -> tier.byLocality.get(locality).available(degraded).pick(request);
    };
  }

  @Override
  public PickTrail explain(PickRequest request) {
    var trail = PickTrail.over(table, load, false);
    return failOnPanic ? trail.withoutPanic() : trail;
  }
}
