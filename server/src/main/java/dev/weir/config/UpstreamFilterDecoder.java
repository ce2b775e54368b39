package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Filter;

/// Checks the network filters of a cluster's connections.
final class UpstreamFilterDecoder {
  /// Tells a peer who we are, for its metrics. Without it the metrics say `unknown`.
  private static final String METADATA_EXCHANGE =
      "envoy.tcp.metadataexchange.config.MetadataExchange";

  private UpstreamFilterDecoder() {}

  static void check(Cluster wire, Field at) throws InvalidResourceException {
    for (int i = 0; i < wire.getFiltersCount(); i++) {
      check(wire.getFilters(i), at.at("filters", i));
    }
  }

  private static void check(Filter wire, Field at) throws InvalidResourceException {
    at.unsupported(wire.hasConfigDiscovery(), "config_discovery");
    var typedAt = at.at("typed_config");
    var type = ExtensionDecoder.typeOf(wire.getTypedConfig());
    if (!type.equals(METADATA_EXCHANGE)) {
      throw ExtensionDecoder.unregistered(wire.getName(), type, typedAt);
    }
    typedAt.warn("metadata is not exchanged");
  }
}
