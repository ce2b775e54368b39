package dev.weir.config;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.weir.proto.Constraints;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
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
      var struct = wire.getMetadata().getFilterMetadataMap().get(NAMESPACE);
      return struct == null
          ? ClusterSettings.getDefaultInstance()
          : parse(struct, at.at("metadata").at("filter_metadata", NAMESPACE));
    }
    var place = at.at("metadata").at("typed_filter_metadata", NAMESPACE);
    if (ExtensionDecoder.unpack(NAMESPACE, any, place) instanceof ClusterSettings settings) {
      return settings;
    }
    throw place.invalid("must be a " + ClusterSettings.getDescriptor().getFullName());
  }

  private static ClusterSettings parse(Struct struct, Field at) throws InvalidResourceException {
    try {
      var json = JsonFormat.printer().print(struct);
      var prototype = ClusterSettings.getDefaultInstance();
      var parsed = WireText.parse(json, WireFormat.JSON, prototype, OnUnknown.WARN);
      parsed.unknown().forEach(unknown -> at.at(unknown.path()).warn(unknown.message()));
      at.note(Constraints.check(parsed.message(), at.path()));
      return parsed.message();
    } catch (InvalidProtocolBufferException | WireException e) {
      throw at.invalid(String.valueOf(e.getMessage()));
    }
  }
}
