package dev.weir.bootstrap;

import dev.weir.bootstrap.Bootstrap.Dynamics;
import dev.weir.config.ConfigSourceDecoder;
import dev.weir.config.Field;
import dev.weir.xds.ApiConfig;
import dev.weir.xds.ConfigSource;
import dev.weir.xds.InvalidResourceException;
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
      var api = ConfigSourceDecoder.api(wire.getAdsConfig(), there);
      var missing = api.controlPlanes().stream().filter(name -> !reachable.contains(name));
      missing.forEach(name -> there.check(false, "Unknown gRPC client cluster '" + name + "'"));
      return api;
    } catch (InvalidResourceException e) {
      there.note(e.violations());
      return null;
    }
  }

  Dynamics dynamics(Field at) {
    DynamicResources wire = bootstrap.getDynamicResources();
    at.withoutEffect(!wire.getLdsResourcesLocator().isEmpty(), "lds_resources_locator");
    at.withoutEffect(!wire.getCdsResourcesLocator().isEmpty(), "cds_resources_locator");
    return new Dynamics(
        wire.hasCdsConfig()
            ? source(wire.getCdsConfig(), "cluster.v3.Cluster", at.at("cds_config"))
            : null,
        wire.hasLdsConfig()
            ? source(wire.getLdsConfig(), "listener.v3.Listener", at.at("lds_config"))
            : null);
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
