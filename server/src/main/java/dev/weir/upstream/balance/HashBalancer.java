package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.Hashing;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses by the connection's hash: the priority first, then a host of it by ring or Maglev table.
/// Immutable.
///
/// Hashes never lead to degraded hosts, although these take part in how the load is spread over
/// priorities.
final class HashBalancer implements LoadBalancer {
  private final HostTable table;
  private final PriorityLoad load;
  private final List<Tier> tiers;
  private final BalancerStats stats;

  /// Makes tables; told apart from the balancer so that an unchanged priority keeps its table.
  record Policy(Tables tables, Hashing hashing, int workers) {}

  /// Makes a table for hosts, of which there is at least one.
  @FunctionalInterface
  interface Tables {
    HashTable of(HashWeights weights);
  }

  /// One priority.
  private record Tier(
      HashWeights weights, @Nullable HashTable table, @Nullable BoundedLoad bounds, boolean panic) {
    @Nullable Host pick(long hash, PickRequest request) {
      if (table == null) {
        return null;
      }
      int host = table.at(hash);
      return weights.hosts().get(bounds == null ? host : bounds.settle(host, hash, request));
    }
  }

  private HashBalancer(HostTable table, PriorityLoad load, List<Tier> tiers, BalancerStats stats) {
    this.table = table;
    this.load = load;
    this.tiers = tiers;
    this.stats = stats;
  }

  /// @param before what served until now, whose tables are kept where nothing has changed
  static HashBalancer of(
      HostTable table,
      PriorityLoad load,
      Policy policy,
      BalancerStats stats,
      @Nullable LoadBalancer before) {
    var tiers = new ArrayList<Tier>();
    for (var set : table.priorities()) {
      boolean panic = load.panics(set.priority());
      var weights = HashWeights.of(set, panic);
      var old = before instanceof HashBalancer hashing ? hashing.tier(set.priority()) : null;
      tiers.add(
          old != null && old.weights.sameAs(weights)
              ? new Tier(old.weights, old.table, old.bounds, panic)
              : tier(weights, policy, panic, stats));
    }
    return new HashBalancer(table, load, List.copyOf(tiers), stats);
  }

  private static Tier tier(HashWeights weights, Policy policy, boolean panic, BalancerStats stats) {
    if (weights.hosts().isEmpty()) {
      return new Tier(weights, null, null, panic);
    }
    int factor = policy.hashing.balanceFactor();
    var bounds =
        factor == 0
            ? null
            : new BoundedLoad(weights, factor, stats::activeRequests, policy.workers);
    return new Tier(weights, policy.tables.of(weights), bounds, panic);
  }

  private @Nullable Tier tier(int priority) {
    return priority < tiers.size() ? tiers.get(priority) : null;
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    long hash = request.hashOrRandom();
    var tier = tiers.get(request.priority(load, hash) >> 1);
    if (tier.panic) {
      stats.panic();
    }
    return tier.pick(hash, request);
  }

  @Override
  public PickTrail explain(PickRequest request) {
    var trail = PickTrail.over(table, load, true);
    if (!request.hashed()) {
      return trail;
    }
    long hash = request.hashOrRandom();
    return trail.hashed(tiers.get(load.choose(hash) >> 1).pick(hash, request));
  }
}
