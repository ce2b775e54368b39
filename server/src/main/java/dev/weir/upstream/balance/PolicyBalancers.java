package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.Common;
import dev.weir.config.LbConfig.Hashing;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.Policy.ClusterProvided;
import dev.weir.config.LbConfig.Policy.Random;
import dev.weir.config.LbConfig.Policy.RingHash;
import dev.weir.upstream.host.HostList;
import dev.weir.upstream.host.HostSet;
import dev.weir.upstream.host.HostTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes balancers by a policy for whatever hosts it is given: those of a cluster or of a subset.
/// Any thread.
final class PolicyBalancers implements Balancers {
  private final Assembly assembly;
  private final Common common;
  private final BalancerStats stats;
  private final Surroundings surroundings;

  /// How a balancer is put together for hosts whose load over priorities is known.
  @FunctionalInterface
  private interface Assembly {
    LoadBalancer assemble(HostTable table, PriorityLoad load, @Nullable LoadBalancer before);
  }

  PolicyBalancers(Policy policy, Common common, BalancerStats stats, Surroundings surroundings) {
    this.common = common;
    this.stats = stats;
    this.surroundings = surroundings;
    this.assembly = assembly(policy);
  }

  @Override
  public LoadBalancer build(HostTable table, @Nullable LoadBalancer before) {
    return assembly.assemble(table, PriorityLoad.of(table, panicThreshold()), before);
  }

  private int panicThreshold() {
    return (int) Math.round(common.panicThreshold());
  }

  private Assembly assembly(Policy policy) {
    int workers = surroundings.threads();
    return switch (policy) {
      case Policy.RoundRobin(var slowStart) ->
          byPriority(
              WeightedPolicy.of(
                  this::rotation,
                  Weighing.CONFIGURED,
                  slowStart,
                  surroundings.nanoTime(),
                  workers));
      case Policy.LeastRequest least ->
          byPriority(
              WeightedPolicy.of(
                  (hosts, _) ->
                      least.fullScan()
                          ? new LeastRequestOfAll(hosts)
                          : new LeastRequest(hosts, least.choiceCount()),
                  Weighing.byLoad(least.activeRequestBias()),
                  least.slowStart(),
                  surroundings.nanoTime(),
                  workers));
      case Random() -> byPriority((hosts, _) -> new RandomPick(hosts));
      case RingHash ring -> byHash(weights -> ring(weights, ring), ring.hashing());
      case Policy.Maglev maglev -> byHash(weights -> maglev(weights, maglev), maglev.hashing());
      case ClusterProvided() ->
          throw new IllegalStateException("this kind of cluster brings its own balancer");
    };
  }

  private LoadBalancer rotation(HostList hosts, @Nullable LoadBalancer before) {
    return before instanceof RoundRobin rotation
        ? rotation.over(hosts)
        : new RoundRobin(hosts, surroundings.threads());
  }

  private HashTable ring(HashWeights weights, RingHash config) {
    var ring = HashRing.of(weights, config);
    stats.ring(ring.size());
    return ring;
  }

  private HashTable maglev(HashWeights weights, Policy.Maglev config) {
    var table = Maglev.of(weights, config.tableSize(), config.hashing().useHostname());
    stats.maglev(table.size());
    return table;
  }

  private Assembly byHash(HashBalancer.Tables tables, Hashing hashing) {
    var policy = new HashBalancer.Policy(tables, hashing, surroundings.threads());
    return (table, load, before) -> HashBalancer.of(table, load, policy, stats, before);
  }

  private Assembly byPriority(ListPolicy policy) {
    return (table, load, before) -> {
      var old = before instanceof PriorityBalancer balancer ? balancer : null;
      var tiers = new ArrayList<PriorityBalancer.Tier>();
      for (var set : table.priorities()) {
        boolean panic = load.panics(set.priority());
        tiers.add(
            tier(set, table.shape(), policy, panic, old == null ? null : old.tier(set.priority())));
      }
      return new PriorityBalancer(
          table, load, tiers, common.zoneAware().failTrafficOnPanic(), stats);
    };
  }

  private PriorityBalancer.Tier tier(
      HostSet set,
      HostTable.Shape shape,
      ListPolicy policy,
      boolean panic,
      PriorityBalancer.@Nullable Tier old) {
    var whole = PickersByHealth.of(set.hosts(), policy, old == null ? null : old.whole());
    var localities = localities(set, shape);
    var byLocality = new ArrayList<PickersByHealth>();
    if (localities != null) {
      for (int i = 0; i < set.localities().size(); i++) {
        var before = old != null && i < old.byLocality().size() ? old.byLocality().get(i) : null;
        byLocality.add(PickersByHealth.of(set.localities().get(i).hosts(), policy, before));
      }
    }
    return new PriorityBalancer.Tier(whole, List.copyOf(byLocality), localities, panic);
  }

  private @Nullable LocalityChoice localities(HostSet set, HostTable.Shape shape) {
    var byZone = byZone(set);
    return set.weighted()
        ? LocalityWeights.of(set, shape.overprovisioning(), surroundings.threads(), byZone)
        : byZone;
  }

  private @Nullable LocalityChoice byZone(HostSet set) {
    var gateways = surroundings.gateways().get();
    return set.priority() != 0 || gateways == null
        ? null
        : ZoneRouting.of(
            set, gateways.priorities().getFirst(), common.zoneAware(), panicThreshold(), stats);
  }
}
