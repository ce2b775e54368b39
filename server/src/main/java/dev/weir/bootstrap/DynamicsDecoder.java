package dev.weir.bootstrap;

import dev.weir.bootstrap.Bootstrap.Dynamics;
import dev.weir.config.ConfigSourceDecoder;
import dev.weir.config.Field;
import dev.weir.xds.ApiConfig;
import dev.weir.xds.ConfigSource;
import dev.weir.xds.InvalidResourceException;
import dev.weir.xds.Names;
import dev.weir.xds.Wanted;
import dev.weir.xds.XdstpName;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.DynamicResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads where resources come from, and makes sure that they can.
final class DynamicsDecoder {
  private static final String TYPE_PREFIX = "type.googleapis.com/envoy.config.";

  /// The runtime key by which ADS may have a second control plane.
  private static final String FAILOVER = "envoy.restart_features.xds_failover_support";

  private final Bootstrap bootstrap;
  private final Set<String> reachable;

  DynamicsDecoder(Bootstrap bootstrap) {
    this.bootstrap = bootstrap;
    this.reachable =
        bootstrap.getStaticResources().getClustersList().stream()
            .filter(cluster -> !isEds(cluster))
            .map(Cluster::getName)
            .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isEds(Cluster cluster) {
    return cluster.hasClusterType()
        ? cluster.getClusterType().getName().equals("envoy.cluster.eds")
        : cluster.getType() == DiscoveryType.EDS;
  }

  /// The aggregated stream; null for none.
  @Nullable ApiConfig ads(Field at) {
    var wire = bootstrap.getDynamicResources();
    if (!wire.hasAdsConfig()) {
      return null;
    }
    var there = at.at("ads_config");
    checkNode("ads", there);
    var type = wire.getAdsConfig().getApiType();
    if (type == ApiType.AGGREGATED_GRPC || type == ApiType.AGGREGATED_DELTA_GRPC) {
      there.at("api_type").warn(type + " is read as " + type.name().replace("AGGREGATED_", ""));
    }
    try {
      boolean failover = RuntimeLayers.of(bootstrap.getLayeredRuntime()).isTrue(FAILOVER);
      var api = ConfigSourceDecoder.api(wire.getAdsConfig(), there, failover ? 2 : 1);
      checkKnown(api, there);
      return api;
    } catch (InvalidResourceException e) {
      there.note(e.violations());
      return null;
    }
  }

  /// Whether an aggregated stream can reach its control planes.
  void checkKnown(ApiConfig api, Field at) {
    var missing = api.controlPlanes().stream().filter(name -> !reachable.contains(name));
    missing.forEach(name -> at.check(false, "Unknown gRPC client cluster '" + name + "'"));
  }

  Dynamics dynamics(Field at) {
    DynamicResources wire = bootstrap.getDynamicResources();
    return new Dynamics(
        wanted(
            wire.hasCdsConfig() ? wire.getCdsConfig() : null,
            wire.getCdsResourcesLocator(),
            new Service("cds", "cluster.v3.Cluster"),
            at),
        wanted(
            wire.hasLdsConfig() ? wire.getLdsConfig() : null,
            wire.getLdsResourcesLocator(),
            new Service("lds", "listener.v3.Listener"),
            at));
  }

  /// What comes from a control plane.
  ///
  /// @param name as the fields of `dynamic_resources` begin
  /// @param type of the message
  private record Service(String name, String type) {}

  /// @param locator empty for all that there is
  private @Nullable Wanted wanted(
      io.envoyproxy.envoy.config.core.v3.@Nullable ConfigSource wire,
      String locator,
      Service service,
      Field at) {
    var source = wire == null ? null : source(wire, service.type, at.at(service.name + "_config"));
    if (!locator.isEmpty()) {
      checkLocator(locator, service, at.at(service.name + "_resources_locator"));
      at.at(service.name + "_config")
          .check(
              wire != null && (source == null || holdsCollections(source)),
              "Missing or not supported config source specifier in"
                  + " envoy::config::core::v3::ConfigSource for a collection. Only ADS and gRPC in"
                  + " delta-xDS mode are supported.");
    }
    return source == null
        ? null
        : new Wanted(source, locator.isEmpty() ? Names.wildcard() : Names.of(locator));
  }

  private static boolean holdsCollections(ConfigSource source) {
    return switch (source) {
      case ConfigSource.Ads _, ConfigSource.Authority _ -> true;
      case ConfigSource.Grpc grpc -> grpc.api().delta();
      case ConfigSource.File _ -> false;
    };
  }

  private static void checkLocator(String locator, Service service, Field at) {
    try {
      var type = TYPE_PREFIX.substring(TYPE_PREFIX.indexOf('/') + 1) + service.type;
      at.check(
          XdstpName.parse(locator).resourceType().equals(type),
          "xdstp:// type does not match " + type + " in " + locator);
    } catch (IllegalArgumentException e) {
      at.check(false, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable ConfigSource source(
      io.envoyproxy.envoy.config.core.v3.ConfigSource wire, String type, Field at) {
    if (wire.hasAds() && !bootstrap.getDynamicResources().hasAdsConfig()) {
      at.warn("nothing comes from here: there is no ads_config");
      return null;
    }
    try {
      var source = ConfigSourceDecoder.source(wire, at);
      if (!(source instanceof ConfigSource.Ads)) {
        checkNode(TYPE_PREFIX + type, at);
      }
      checkReachable(source, at);
      return source;
    } catch (InvalidResourceException e) {
      at.note(e.violations());
      return null;
    }
  }

  /// What a subscription of a static cluster needs.
  void check(ConfigSource source, Field at) {
    checkNode(TYPE_PREFIX + "endpoint.v3.ClusterLoadAssignment", at);
    checkReachable(source, at);
  }

  private void checkReachable(ConfigSource source, Field at) {
    if (source instanceof ConfigSource.Grpc grpc) {
      for (var name : grpc.api().controlPlanes()) {
        at.check(
            reachable.contains(name),
            ("envoy.config.core.v3.ApiConfigSource must have a statically defined non-EDS cluster:"
                    + " '%s' does not exist, was added via api, or is an EDS cluster")
                .formatted(name));
      }
    }
  }

  private void checkNode(String whose, Field at) {
    Node node = bootstrap.getNode();
    at.check(
        !node.getId().isEmpty() && !node.getCluster().isEmpty(),
        whose
            + ": node 'id' and 'cluster' are required. Set it either in 'node' config or via"
            + " --service-node and --service-cluster options.");
  }
}
