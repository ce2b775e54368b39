package dev.weir.config;

import dev.weir.proto.settings.ClusterSettings;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;

/// Reads the settings of our own that a cluster's metadata may carry.
final class ClusterSettingsDecoder {
  private static final String NAMESPACE = "dev.weir";

  private ClusterSettingsDecoder() {}

  static ClusterSettings settings(Cluster wire, Field at) throws InvalidResourceException {
    var any = wire.getMetadata().getTypedFilterMetadataMap().get(NAMESPACE);
    if (any == null) {
      return ClusterSettings.getDefaultInstance();
    }
    var place = at.at("metadata").at("typed_filter_metadata", NAMESPACE);
    if (ExtensionDecoder.unpack(NAMESPACE, any, place) instanceof ClusterSettings settings) {
      return settings;
    }
    throw place.invalid("must be a " + ClusterSettings.getDescriptor().getFullName());
  }
}
