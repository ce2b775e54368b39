package dev.weir.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.ResourceError;
import java.util.ArrayList;
import java.util.List;

/// A response, whichever protocol it came by.
///
/// @param manner how it came
/// @param version of the whole
/// @param removed names that the response says are gone
/// @param unreadable resources of which not even the name is known
/// @param errors resources that the control plane could not supply
/// @param controlPlane who answers; may be empty
record Response(
    Manner manner,
    String typeUrl,
    String version,
    String nonce,
    List<WireResource> resources,
    List<String> removed,
    List<Rejected> unreadable,
    List<ResourceError> errors,
    String controlPlane) {

  /// How a response comes, and so what it means.
  enum Manner {
    STATE_OF_THE_WORLD,
    DELTA,
    /// As state of the world, but nothing of it is applied if a resource is malformed.
    FILE
  }

  /// @param manner state of the world, or a file
  static Response of(DiscoveryResponse wire, Manner manner) {
    var resources = new ArrayList<WireResource>(wire.getResourcesCount());
    var unreadable = new ArrayList<Rejected>();
    for (var any : wire.getResourcesList()) {
      try {
        resources.add(WireResource.of(any, wire.getVersionInfo()));
      } catch (InvalidProtocolBufferException e) {
        unreadable.add(new Rejected("", String.valueOf(e.getMessage()), any));
      }
    }
    return new Response(
        manner,
        wire.getTypeUrl(),
        wire.getVersionInfo(),
        wire.getNonce(),
        resources,
        List.of(),
        unreadable,
        wire.getResourceErrorsList(),
        wire.getControlPlane().getIdentifier());
  }

  static Response of(DeltaDiscoveryResponse wire) {
    return new Response(
        Manner.DELTA,
        wire.getTypeUrl(),
        wire.getSystemVersionInfo(),
        wire.getNonce(),
        wire.getResourcesList().stream().map(WireResource::of).toList(),
        removed(wire),
        List.of(),
        wire.getResourceErrorsList(),
        wire.getControlPlane().getIdentifier());
  }

  private static List<String> removed(DeltaDiscoveryResponse wire) {
    var names = new ArrayList<>(wire.getRemovedResourcesList());
    wire.getRemovedResourceNamesList().forEach(name -> names.add(name.getName()));
    return names;
  }
}
