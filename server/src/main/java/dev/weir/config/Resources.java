package dev.weir.config;

import com.google.protobuf.Message;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.UnknownFields;
import dev.weir.xds.InvalidResourceException;
import dev.weir.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.function.Function;

/// The kinds of resources that a control plane can push: how each is named, and who decodes it.
///
/// @param listeners LDS
/// @param clusters CDS
/// @param endpoints EDS
public record Resources(
    ResourceType<Listener, Checked<ListenerConfig>> listeners,
    ResourceType<Cluster, Checked<ClusterConfig>> clusters,
    ResourceType<ClusterLoadAssignment, Checked<EndpointsConfig>> endpoints) {

  private static final String PREFIX = "type.googleapis.com/";

  /// Decoders that treat fields and enum values which nobody knows as the flags say.
  public static Resources of(OnUnknown onUnknown) {
    return new Resources(
        type(Listener.getDefaultInstance(), Listener::getName, onUnknown, ListenerDecoder::decode),
        type(Cluster.getDefaultInstance(), Cluster::getName, onUnknown, ClusterDecoder::decode),
        type(
            ClusterLoadAssignment.getDefaultInstance(),
            ClusterLoadAssignment::getClusterName,
            onUnknown,
            EndpointsDecoder::decode));
  }

  private interface PathDecoder<M, T> {
    Checked<T> decode(M wire, String path) throws InvalidResourceException;
  }

  private static <M extends Message, T> ResourceType<M, Checked<T>> type(
      M prototype, Function<M, String> nameOf, OnUnknown onUnknown, PathDecoder<M, T> decoder) {
    @SuppressWarnings("unchecked") // the class of an M
    var wireClass = (Class<M>) prototype.getClass();
    return new ResourceType<>(
        PREFIX + prototype.getDescriptorForType().getFullName(),
        wireClass,
        nameOf,
        wire -> withUnknown(wire, onUnknown, decoder));
  }

  private static <M extends Message, T> Checked<T> withUnknown(
      M wire, OnUnknown onUnknown, PathDecoder<M, T> decoder) throws InvalidResourceException {
    if (onUnknown == OnUnknown.IGNORE) {
      return decoder.decode(wire, "");
    }
    var unknown = UnknownFields.find(wire, "");
    if (onUnknown == OnUnknown.REJECT && !unknown.isEmpty()) {
      throw InvalidResourceException.malformed(unknown);
    }
    var checked = decoder.decode(wire, "");
    if (unknown.isEmpty()) {
      return checked;
    }
    var warnings = new ArrayList<>(checked.warnings());
    unknown.forEach(violation -> warnings.add(violation.toString()));
    return new Checked<>(checked.value(), warnings);
  }
}
