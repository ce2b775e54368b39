package dev.weir.config;

import dev.weir.config.LbConfig.Common;
import dev.weir.config.LbConfig.Hashing;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.SlowStart;
import dev.weir.config.LbConfig.ZoneAware;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LeastRequestLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.RingHashLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.RingHashLbConfig.HashFunction;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes [LbConfig]s of `lb_policy` and the fields that go with it. What `load_balancing_policy`
/// says instead is read by [TypedLbDecoder].
final class LbDecoder {
  private static final double PANIC_THRESHOLD = 50;
  private static final Duration MERGE_WINDOW = Duration.ofSeconds(1);
  private static final int CHOICES = 2;
  private static final double MIN_WEIGHT_PERCENT = 10;

  private LbDecoder() {}

  static LbConfig lb(Cluster wire, Field at) throws InvalidResourceException {
    checkHostnames(wire, at.at("common_lb_config").at("consistent_hashing_lb_config"));
    warnOfOtherPolicies(wire, at);
    if (wire.hasLoadBalancingPolicy()) {
      return TypedLbDecoder.lb(wire, at);
    }
    var common = common(wire.getCommonLbConfig(), at.at("common_lb_config"));
    checkSubsets(wire, common, at);
    return new LbConfig(
        policy(wire, at),
        SubsetDecoder.subsets(wire.getLbSubsetConfig(), at.at("lb_subset_config")),
        common);
  }

  /// What is said of policies that are not in force.
  private static void warnOfOtherPolicies(Cluster wire, Field at) {
    boolean typed = wire.hasLoadBalancingPolicy();
    var policy = wire.getLbPolicy();
    var configured =
        switch (wire.getLbConfigCase()) {
          case ROUND_ROBIN_LB_CONFIG -> LbPolicy.ROUND_ROBIN;
          case LEAST_REQUEST_LB_CONFIG -> LbPolicy.LEAST_REQUEST;
          case RING_HASH_LB_CONFIG -> LbPolicy.RING_HASH;
          case MAGLEV_LB_CONFIG -> LbPolicy.MAGLEV;
          case ORIGINAL_DST_LB_CONFIG, LBCONFIG_NOT_SET -> policy;
        };
    if (typed && wire.getLbConfigCase() != Cluster.LbConfigCase.LBCONFIG_NOT_SET) {
      at.warn("load_balancing_policy is in force, other than what is said of lb_policy");
    } else if (configured != policy) {
      var field = configured.name().toLowerCase(Locale.ROOT) + "_lb_config";
      at.at(field).warn("has no effect, as lb_policy is " + policy.name());
    }
  }

  /// The names of hosts come from DNS here. (A typed policy does not ask where they come from.)
  private static void checkHostnames(Cluster wire, Field at) {
    boolean wanted =
        wire.getCommonLbConfig().getConsistentHashingLbConfig().getUseHostnameForHashing();
    at.at("use_hostname_for_hashing")
        .check(
            !wanted || (!wire.hasClusterType() && wire.getType() == DiscoveryType.STRICT_DNS),
            "Cannot use hostname for consistent hashing loadbalancing for clusters other than"
                + " STRICT_DNS");
  }

  private static void checkSubsets(Cluster wire, Common common, Field at) {
    var subsets = wire.getLbSubsetConfig();
    at.check(
        wire.getLbPolicy() != LbPolicy.CLUSTER_PROVIDED || !wire.hasLbSubsetConfig(),
        "cluster: LB policy CLUSTER_PROVIDED cannot be combined with lb_subset_config");
    at.check(
        !subsets.getLocalityWeightAware() || common.localityWeighted(),
        "Locality weight aware subset LB requires that a locality_weighted_lb_config be set in "
            + wire.getName());
  }

  private static Policy policy(Cluster wire, Field at) throws InvalidResourceException {
    return switch (wire.getLbPolicy()) {
      case ROUND_ROBIN ->
          new Policy.RoundRobin(
              slowStart(
                  wire.getRoundRobinLbConfig().hasSlowStartConfig(),
                  wire.getRoundRobinLbConfig().getSlowStartConfig()));
      case LEAST_REQUEST -> leastRequest(wire.getLeastRequestLbConfig());
      case RANDOM -> new Policy.Random();
      case RING_HASH -> ringHash(wire, at.at("ring_hash_lb_config"));
      case MAGLEV ->
          new Policy.Maglev(
              tableSize(
                  ScalarDecoder.uint64(
                      wire.getMaglevLbConfig().hasTableSize(),
                      wire.getMaglevLbConfig().getTableSize(),
                      Primes.DEFAULT_TABLE),
                  at.at("maglev_lb_config")),
              hashing(wire));
      case CLUSTER_PROVIDED -> new Policy.ClusterProvided();
      case LOAD_BALANCING_POLICY_CONFIG ->
          throw at.invalid("cluster: field load_balancing_policy need to be set");
      case UNRECOGNIZED -> throw at.at("lb_policy").invalid("unknown");
    };
  }

  /// Whether hosts are chosen by a policy or by the cluster has to be said as it is.
  static void checkProvided(boolean provided, boolean said, String name, Field at) {
    at.check(
        provided || !said,
        ("cluster manager: cluster provided LB specified but cluster '%s' did not provide one."
                + " Check cluster documentation.")
            .formatted(name));
    at.check(
        !provided || said,
        ("cluster manager: cluster provided LB not specified but cluster '%s' provided one."
                + " Check cluster documentation.")
            .formatted(name));
  }

  private static Policy leastRequest(LeastRequestLbConfig wire) {
    return new Policy.LeastRequest(
        ScalarDecoder.size(wire.hasChoiceCount(), wire.getChoiceCount(), CHOICES),
        bias(wire.hasActiveRequestBias(), wire.getActiveRequestBias()),
        false,
        slowStart(wire.hasSlowStartConfig(), wire.getSlowStartConfig()));
  }

  /// A negative bias counts as none.
  static double bias(boolean set, RuntimeDouble wire) {
    return set ? Math.max(0, wire.getDefaultValue()) : 1;
  }

  private static Policy ringHash(Cluster cluster, Field at) {
    RingHashLbConfig wire = cluster.getRingHashLbConfig();
    return ringHash(
        ScalarDecoder.uint64(
            wire.hasMinimumRingSize(), wire.getMinimumRingSize(), Policy.RingHash.MIN_SIZE),
        ScalarDecoder.uint64(
            wire.hasMaximumRingSize(), wire.getMaximumRingSize(), Policy.RingHash.MAX_SIZE),
        wire.getHashFunction() == HashFunction.MURMUR_HASH_2,
        hashing(cluster),
        at);
  }

  static Policy.RingHash ringHash(
      long minimum, long maximum, boolean murmur, Hashing hashing, Field at) {
    at.check(
        minimum <= maximum,
        "ring hash: minimum_ring_size (%d) > maximum_ring_size (%d)".formatted(minimum, maximum));
    return new Policy.RingHash(minimum, maximum, murmur, hashing);
  }

  static int tableSize(long size, Field at) {
    at.at("table_size")
        .check(Primes.isPrime(size), "The table size of maglev must be prime number");
    return (int) size;
  }

  private static Hashing hashing(Cluster wire) {
    var hashing = wire.getCommonLbConfig().getConsistentHashingLbConfig();
    return new Hashing(
        hashing.getUseHostnameForHashing(),
        ScalarDecoder.size(hashing.hasHashBalanceFactor(), hashing.getHashBalanceFactor(), 0));
  }

  static @Nullable SlowStart slowStart(boolean set, Cluster.SlowStartConfig wire) {
    if (!set || !wire.hasSlowStartWindow()) {
      return null;
    }
    return new SlowStart(
        ScalarDecoder.duration(wire.getSlowStartWindow()),
        wire.hasAggression() ? wire.getAggression().getDefaultValue() : 1,
        wire.hasMinWeightPercent() ? wire.getMinWeightPercent().getValue() : MIN_WEIGHT_PERCENT);
  }

  static Common common(CommonLbConfig wire, Field at) {
    at.withoutEffect(wire.hasOverrideHostStatus(), "override_host_status");
    return new Common(
        wire.hasHealthyPanicThreshold()
            ? wire.getHealthyPanicThreshold().getValue()
            : PANIC_THRESHOLD,
        wire.hasLocalityWeightedLbConfig(),
        zoneAware(wire),
        ScalarDecoder.duration(
            wire.hasUpdateMergeWindow(), wire.getUpdateMergeWindow(), MERGE_WINDOW),
        wire.getIgnoreNewHostsUntilFirstHc(),
        wire.getCloseConnectionsOnHostSetChange());
  }

  private static ZoneAware zoneAware(CommonLbConfig common) {
    if (!common.hasZoneAwareLbConfig()) {
      return ZoneAware.DEFAULT;
    }
    var wire = common.getZoneAwareLbConfig();
    var unset = ZoneAware.DEFAULT;
    return new ZoneAware(
        wire.hasRoutingEnabled() ? wire.getRoutingEnabled().getValue() : unset.routingEnabled(),
        ScalarDecoder.uint64(
            wire.hasMinClusterSize(), wire.getMinClusterSize(), unset.minClusterSize()),
        wire.getFailTrafficOnPanic(),
        0,
        false);
  }
}
