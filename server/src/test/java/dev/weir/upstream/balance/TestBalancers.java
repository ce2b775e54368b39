package dev.weir.upstream.balance;

import dev.weir.config.LbConfig;
import dev.weir.config.LbConfig.Common;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.ZoneAware;
import dev.weir.telemetry.Stat;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A cluster's balancers with two workers, a clock that the test turns, and a seed that can be read
/// off a failure.
final class TestBalancers {
  static final Common COMMON =
      new Common(50, false, ZoneAware.DEFAULT, Duration.ZERO, false, false);

  final Stats stats = new Stats();
  final RandomGenerator random;
  long nanoTime;
  @Nullable HostTable gateways;
  private final Balancers balancers;
  private @Nullable LoadBalancer latest;

  TestBalancers(Policy policy) {
    this(new LbConfig(policy, null, COMMON));
  }

  TestBalancers(Policy policy, SubsetConfig subsets) {
    this(new LbConfig(policy, subsets, COMMON));
  }

  TestBalancers(LbConfig config) {
    long seed = Long.getLong("weir.test.seed", System.nanoTime());
    System.out.println("seed " + seed + " (-Dweir.test.seed)");
    random = new SplittableRandom(seed);
    balancers =
        Balancers.of(
            config,
            new BalancerStats(
                stats.scope("cluster.c"), stats.scope("cluster.c.tables"), selectors(config)),
            new Surroundings(3, () -> nanoTime, () -> gateways));
  }

  private Map<List<String>, StatScope> selectors(LbConfig config) {
    var scopes = new HashMap<List<String>, StatScope>();
    if (config.subsets() != null) {
      for (var selector : config.subsets().selectors()) {
        var name = "cluster.c." + String.join(",", selector.keys());
        scopes.computeIfAbsent(selector.keys(), _ -> stats.scope(name));
      }
    }
    return scopes;
  }

  LoadBalancer build(List<Host> hosts) {
    return build(hosts, Shape.PLAIN);
  }

  LoadBalancer build(List<Host> hosts, Shape shape) {
    var next = balancers.build(HostTable.arrange(hosts, shape), latest);
    latest = next;
    return next;
  }

  void retire() {
    if (latest != null) {
      balancers.retire(latest);
    }
  }

  PickRequest request() {
    return new PickRequest(0, random);
  }

  PickRequest request(int worker) {
    return new PickRequest(worker, random);
  }

  /// A counter or gauge of the cluster; 0 if nothing was counted.
  long stat(String name) {
    var found = new long[1];
    stats.forEach((full, stat) -> {
      if (full.equals("cluster.c." + name)) {
        found[0] = value(stat);
      }
    });
    return found[0];
  }

  private static long value(Stat stat) {
    return switch (stat) {
      case dev.weir.telemetry.Counter counter -> counter.value();
      case dev.weir.telemetry.Gauge gauge -> gauge.value();
      case dev.weir.telemetry.Histogram _, dev.weir.telemetry.TextReadout _ -> 0;
    };
  }
}
