package dev.weir.config;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.config.LbConfig.Common;
import dev.weir.config.LbConfig.Hashing;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.SlowStart;
import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.ZoneAware;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerClientSideWeightedRoundRobin;
import dev.weir.proto.newer.NewerZoneAwareLbConfig;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.cluster_provided.v3.ClusterProvided;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.ConsistentHashingLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.SlowStartConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.maglev.v3.Maglev;
import io.envoyproxy.envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.subset.v3.Subset;
import io.envoyproxy.envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes [LbConfig]s of `load_balancing_policy`. Of its policies the first that we have is taken;
/// policies inside policies are read in the same way.
final class TypedLbDecoder {
  /// What a policy says of itself; the rest is the cluster's.
  private record Typed(
      Policy policy,
      @Nullable SubsetConfig subsets,
      boolean localityWeighted,
      ZoneAware zoneAware) {

    static Typed of(Policy policy, boolean localityWeighted) {
      return new Typed(policy, null, localityWeighted, ZoneAware.DEFAULT);
    }

    static Typed of(Policy policy, LocalityLbConfig locality) {
      return new Typed(
          policy,
          null,
          locality.hasLocalityWeightedLbConfig(),
          TypedLbDecoder.zoneAware(locality.getZoneAwareLbConfig()));
    }
  }

  private TypedLbDecoder() {}

  static LbConfig lb(Cluster wire, Field at) throws InvalidResourceException {
    at.check(
        !wire.hasLbSubsetConfig(),
        "cluster: load_balancing_policy cannot be combined with lb_subset_config");
    var common = wire.getCommonLbConfig();
    at.check(
        !isSpecific(common),
        "cluster: load_balancing_policy cannot be combined with partial fields"
            + " (zone_aware_lb_config, locality_weighted_lb_config, consistent_hashing_lb_config)"
            + " of common_lb_config");
    var typed =
        new TypedLbDecoder()
            .first(
                wire.getLoadBalancingPolicy(),
                "cluster: didn't find a registered load balancer factory implementation for"
                    + " cluster: '%s' with names from ".formatted(wire.getName()),
                at.at("load_balancing_policy"));
    var shared = LbDecoder.common(common, at.at("common_lb_config"));
    return new LbConfig(
        typed.policy,
        typed.subsets,
        new Common(
            shared.panicThreshold(),
            typed.localityWeighted,
            typed.zoneAware,
            shared.updateMergeWindow(),
            shared.ignoreNewHostsUntilFirstHealthCheck(),
            shared.closeConnectionsOnHostSetChange()));
  }

  private static boolean isSpecific(CommonLbConfig wire) {
    return wire.hasZoneAwareLbConfig()
        || wire.hasLocalityWeightedLbConfig()
        || wire.hasConsistentHashingLbConfig();
  }

  /// @param error what is said before the names where none is known
  private Typed first(LoadBalancingPolicy wire, String error, Field at)
      throws InvalidResourceException {
    for (int i = 0; i < wire.getPoliciesCount(); i++) {
      var extension = wire.getPolicies(i).getTypedExtensionConfig();
      if (isKnown(extension)) {
        var extensionAt = at.at("policies", i).at("typed_extension_config");
        return policy(
            ExtensionDecoder.unpack(extension, extensionAt), extensionAt.at("typed_config"));
      }
    }
    throw at.invalid(error + names(wire));
  }

  private static String names(LoadBalancingPolicy wire) {
    return wire.getPoliciesList().stream()
        .map(policy -> policy.getTypedExtensionConfig().getName())
        .filter(name -> !name.isEmpty())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static boolean isKnown(TypedExtensionConfig extension) {
    var prefix = "envoy.extensions.load_balancing_policies.";
    var type = ExtensionDecoder.typeOf(extension.getTypedConfig());
    return switch (type.startsWith(prefix) ? type.substring(prefix.length()) : "") {
      case "round_robin.v3.RoundRobin",
          "least_request.v3.LeastRequest",
          "random.v3.Random",
          "ring_hash.v3.RingHash",
          "maglev.v3.Maglev",
          "cluster_provided.v3.ClusterProvided",
          "client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin",
          "wrr_locality.v3.WrrLocality",
          "override_host.v3.OverrideHost",
          "subset.v3.Subset" ->
          true;
      default -> false;
    };
  }

  private Typed policy(Message typed, Field at) throws InvalidResourceException {
    return switch (typed) {
      case RoundRobin wire ->
          Typed.of(
              new Policy.RoundRobin(
                  slowStart(wire.hasSlowStartConfig(), wire.getSlowStartConfig())),
              wire.getLocalityLbConfig());
      case LeastRequest wire -> leastRequest(wire);
      case Random wire -> Typed.of(new Policy.Random(), wire.getLocalityLbConfig());
      case RingHash wire -> ringHash(wire, at);
      case Maglev wire -> maglev(wire, at);
      case ClientSideWeightedRoundRobin wire -> clientSideWeighted(wire, at);
      case WrrLocality wire -> wrrLocality(wire, at);
      case OverrideHost wire -> overrideHost(wire, at);
      case Subset wire -> subset(wire, at);
      case ClusterProvided _ -> Typed.of(new Policy.ClusterProvided(), false);
      default ->
          throw new IllegalStateException(
              "not known: " + typed.getDescriptorForType().getFullName());
    };
  }

  @SuppressWarnings("deprecation") // enable_full_scan is what selection_method was before
  private static Typed leastRequest(LeastRequest wire) {
    boolean fullScan =
        wire.getEnableFullScan().getValue()
            || wire.getSelectionMethod() == LeastRequest.SelectionMethod.FULL_SCAN;
    return Typed.of(
        new Policy.LeastRequest(
            ScalarDecoder.size(wire.hasChoiceCount(), wire.getChoiceCount(), 2),
            LbDecoder.bias(wire.hasActiveRequestBias(), wire.getActiveRequestBias()),
            fullScan,
            slowStart(wire.hasSlowStartConfig(), wire.getSlowStartConfig())),
        wire.getLocalityLbConfig());
  }

  @SuppressWarnings("deprecation") // two fields are what consistent_hashing_lb_config was before
  private static Typed ringHash(RingHash wire, Field at) {
    var hashing =
        wire.hasConsistentHashingLbConfig()
            ? hashing(wire.getConsistentHashingLbConfig())
            : new Hashing(
                wire.getUseHostnameForHashing(),
                ScalarDecoder.size(wire.hasHashBalanceFactor(), wire.getHashBalanceFactor(), 0));
    return Typed.of(
        LbDecoder.ringHash(
            ScalarDecoder.uint64(
                wire.hasMinimumRingSize(), wire.getMinimumRingSize(), Policy.RingHash.MIN_SIZE),
            ScalarDecoder.uint64(
                wire.hasMaximumRingSize(), wire.getMaximumRingSize(), Policy.RingHash.MAX_SIZE),
            wire.getHashFunction() == RingHash.HashFunction.MURMUR_HASH_2,
            hashing,
            at),
        wire.hasLocalityWeightedLbConfig());
  }

  private static Typed maglev(Maglev wire, Field at) {
    long size =
        ScalarDecoder.uint64(wire.hasTableSize(), wire.getTableSize(), Primes.DEFAULT_TABLE);
    return Typed.of(
        new Policy.Maglev(
            LbDecoder.tableSize(size, at), hashing(wire.getConsistentHashingLbConfig())),
        wire.hasLocalityWeightedLbConfig());
  }

  private static Hashing hashing(ConsistentHashingLbConfig wire) {
    return new Hashing(
        wire.getUseHostnameForHashing(),
        ScalarDecoder.size(wire.hasHashBalanceFactor(), wire.getHashBalanceFactor(), 0));
  }

  /// TCP endpoints report no load, and without a report it is plain round robin.
  private static Typed clientSideWeighted(ClientSideWeightedRoundRobin wire, Field at) {
    at.warn("is read as round_robin: TCP endpoints do not report their load");
    var newer = NewerFields.of(wire, NewerClientSideWeightedRoundRobin.getDefaultInstance());
    return Typed.of(
        new Policy.RoundRobin(slowStart(newer.hasSlowStartConfig(), newer.getSlowStartConfig())),
        false);
  }

  private Typed wrrLocality(WrrLocality wire, Field at) throws InvalidResourceException {
    var inner =
        first(
            wire.getEndpointPickingPolicy(),
            "No supported endpoint picking policy. Names: ",
            at.at("endpoint_picking_policy"));
    at.check(
        wire.getEndpointPickingPolicy().getPoliciesList().stream()
            .map(policy -> policy.getTypedExtensionConfig())
            .filter(TypedLbDecoder::isKnown)
            .limit(1)
            .map(policy -> ExtensionDecoder.typeOf(policy.getTypedConfig()))
            .allMatch(ClientSideWeightedRoundRobin.getDescriptor().getFullName()::equals),
        "Currently WrrLocalityLoadBalancer only supports ClientSideWeightedRoundRobinLoadBalancer"
            + " as its endpoint picking policy.");
    return Typed.of(inner.policy, true);
  }

  /// What would name a host is a header, which TCP has not, or the metadata of an HTTP filter.
  private Typed overrideHost(OverrideHost wire, Field at) throws InvalidResourceException {
    for (int i = 0; i < wire.getOverrideHostSourcesCount(); i++) {
      var source = wire.getOverrideHostSources(i);
      var sourceAt = at.at("override_host_sources", i);
      sourceAt.check(
          !source.getHeader().isEmpty() || source.hasMetadata(), "Empty override source");
      sourceAt.check(
          source.getHeader().isEmpty() || !source.hasMetadata(),
          "Only one override source must be set");
    }
    at.warn("its fallback_policy is used: nothing names a host for a TCP connection");
    return first(
        wire.getFallbackPolicy(),
        "dynamic forwarding LB: didn't find a registered fallback load balancer factory with names"
            + " from ",
        at.at("fallback_policy"));
  }

  private Typed subset(Subset wire, Field at) throws InvalidResourceException {
    var inner =
        first(
            wire.getSubsetLbPolicy(),
            "cluster: didn't find a registered load balancer factory implementation for subset lb"
                + " with names from ",
            at.at("subset_lb_policy"));
    at.unsupported(inner.subsets != null, "subset_lb_policy");
    return new Typed(
        inner.policy,
        SubsetDecoder.subsets(untyped(wire), wire.getAllowRedundantKeys(), at),
        inner.localityWeighted,
        inner.zoneAware);
  }

  /// The same fields have the same numbers in both messages.
  private static Cluster.LbSubsetConfig untyped(Subset wire) {
    try {
      return Cluster.LbSubsetConfig.parseFrom(
          wire.toBuilder()
              .clearSubsetLbPolicy()
              .clearAllowRedundantKeys()
              .setUnknownFields(UnknownFieldSet.getDefaultInstance())
              .build()
              .toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a Subset is no LbSubsetConfig", e);
    }
  }

  private static @Nullable SlowStart slowStart(boolean set, SlowStartConfig wire) {
    var untyped = Cluster.SlowStartConfig.newBuilder();
    if (wire.hasSlowStartWindow()) {
      untyped.setSlowStartWindow(wire.getSlowStartWindow());
    }
    if (wire.hasAggression()) {
      untyped.setAggression(wire.getAggression());
    }
    if (wire.hasMinWeightPercent()) {
      untyped.setMinWeightPercent(wire.getMinWeightPercent());
    }
    return LbDecoder.slowStart(set, untyped.build());
  }

  /// From how many healthy hosts on the own zone is stayed in; 0 for never.
  @SuppressWarnings("deprecation") // force_locality_direct_routing is what it was before
  private static long forcedLocalZone(
      LocalityLbConfig.ZoneAwareLbConfig wire, NewerZoneAwareLbConfig newer) {
    if (newer.hasForceLocalZone()) {
      var force = newer.getForceLocalZone();
      return ScalarDecoder.uint32(force.hasMinSize(), force.getMinSize(), 1);
    }
    return wire.getForceLocalityDirectRouting() ? 1 : 0;
  }

  private static ZoneAware zoneAware(LocalityLbConfig.ZoneAwareLbConfig wire) {
    var newer = NewerFields.of(wire, NewerZoneAwareLbConfig.getDefaultInstance());
    var unset = ZoneAware.DEFAULT;
    return new ZoneAware(
        wire.hasRoutingEnabled() ? wire.getRoutingEnabled().getValue() : unset.routingEnabled(),
        ScalarDecoder.uint64(
            wire.hasMinClusterSize(), wire.getMinClusterSize(), unset.minClusterSize()),
        wire.getFailTrafficOnPanic(),
        forcedLocalZone(wire, newer),
        newer.getLocalityBasis() == NewerZoneAwareLbConfig.LocalityBasis.HEALTHY_HOSTS_WEIGHT);
  }
}
