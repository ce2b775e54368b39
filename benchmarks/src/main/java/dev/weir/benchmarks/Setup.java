package dev.weir.benchmarks;

import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig.HealthCheckAddress;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.LbConfig;
import dev.weir.config.LbConfig.Common;
import dev.weir.config.LbConfig.Hashing;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.config.LbConfig.SubsetConfig.Selector;
import dev.weir.config.LbConfig.SubsetConfig.SubsetOptions;
import dev.weir.config.LbConfig.ZoneAware;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue.Text;
import dev.weir.config.SubsetMatch;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.balance.BalancerStats;
import dev.weir.upstream.balance.Balancers;
import dev.weir.upstream.balance.SubsetKey;
import dev.weir.upstream.balance.Surroundings;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostInfo;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Clusters to measure.
final class Setup {
  /// Hosts are spread over so many subsets.
  static final int SUBSETS = 10;

  /// Asks for one of those.
  static final SubsetKey ONE_SUBSET = SubsetKey.of(new SubsetMatch(Map.of("env", new Text("e3"))));

  private static final List<String> KEYS = List.of("env");

  private Setup() {}

  /// The policies, by the names that figures are shown under.
  static Policy policy(String name) {
    return switch (name) {
      case "round_robin", "round_robin weighted" -> new Policy.RoundRobin(null);
      case "least_request", "least_request weighted" -> new Policy.LeastRequest(2, 1, false, null);
      case "least_request FULL_SCAN" -> new Policy.LeastRequest(2, 1, true, null);
      case "random" -> new Policy.Random();
      case "ring_hash" -> new Policy.RingHash(1024, 8_388_608, false, Hashing.DEFAULT);
      case "ring_hash 65536" -> new Policy.RingHash(65_536, 8_388_608, false, Hashing.DEFAULT);
      case "ring_hash bounded" ->
          new Policy.RingHash(1024, 8_388_608, false, new Hashing(false, 150));
      case "maglev" -> new Policy.Maglev(65_537, Hashing.DEFAULT);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /// That many healthy hosts.
  ///
  /// @param weighted whether they weigh 1, 2 and 3 in turn
  /// @param subsets over so many `env`s
  static HostTable hosts(int count, boolean weighted, int subsets) {
    var hosts = new ArrayList<Host>(count);
    for (int i = 0; i < count; i++) {
      var ip = "10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff);
      var env = Map.of("env", new Text("e" + i % subsets));
      var info =
          new HostInfo(
              "",
              weighted ? 1 + i % 3 : 1,
              new HostInfo.Place(0, Locality.NONE),
              new Metadata(Map.of(Metadata.LB, Map.copyOf(env))),
              Metadata.NONE,
              HealthCheckAddress.SAME);
      hosts.add(new Host(List.of(new Address.Socket(ip, 80)), info));
    }
    return HostTable.arrange(hosts, Shape.PLAIN);
  }

  /// What makes balancers by a policy.
  static Balancers balancers(Policy policy, boolean subsets) {
    var stats = new Stats();
    var common = new Common(50, false, ZoneAware.DEFAULT, Duration.ZERO, false, false);
    var config = new LbConfig(policy, subsets ? SUBSET_CONFIG : null, common);
    var scope = stats.scope("cluster.c");
    return Balancers.of(
        config,
        new BalancerStats(scope, stats.scope("cluster.c.tables"), Map.of(KEYS, stats.scope("s"))),
        new Surroundings(2, System::nanoTime, () -> null));
  }

  private static final SubsetConfig SUBSET_CONFIG =
      new SubsetConfig(
          Fallback.ANY_ENDPOINT,
          SubsetMatch.NONE,
          List.of(new Selector(KEYS, null, List.of(), false)),
          new SubsetOptions(false, false, false, false, false, false));
}
