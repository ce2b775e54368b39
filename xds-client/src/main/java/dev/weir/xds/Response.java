package dev.weir.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.ResourceError;
import java.util.ArrayList;
import java.util.List;

/// A response, whichever protocol it came by.
///
/// @param manner how it came
/// @param removed names that the response says are gone
/// @param errors resources that the control plane could not supply
record Response(
    Head head,
    Manner manner,
    List<WireResource> resources,
    List<String> removed,
    List<ResourceError> errors) {

  /// What a response says of itself.
  ///
  /// @param version of the whole
  /// @param controlPlane who answers; may be empty
  record Head(String typeUrl, String version, String nonce, String controlPlane) {}

  /// How a response comes, and so what it means.
  enum Manner {
    STATE_OF_THE_WORLD,
    DELTA,
    /// As state of the world, but nothing of it is applied if a resource is malformed.
    FILE
  }

  /// @param manner state of the world, or a file
  static Response of(DiscoveryResponse wire, Manner manner) {
    return new Response(
        new Head(
            wire.getTypeUrl(),
            wire.getVersionInfo(),
            wire.getNonce(),
            wire.getControlPlane().getIdentifier()),
        manner,
        wire.getResourcesList().stream()
            .map(any -> WireResource.of(any, wire.getVersionInfo()))
            .toList(),
        List.of(),
        wire.getResourceErrorsList());
  }

  static Response of(DeltaDiscoveryResponse wire) {
    return new Response(
        new Head(
            wire.getTypeUrl(),
            wire.getSystemVersionInfo(),
            wire.getNonce(),
            wire.getControlPlane().getIdentifier()),
        Manner.DELTA,
        wire.getResourcesList().stream().map(WireResource::of).toList(),
        removed(wire),
        wire.getResourceErrorsList());
  }

  private static List<String> removed(DeltaDiscoveryResponse wire) {
    var names = new ArrayList<String>();
    wire.getRemovedResourcesList().forEach(name -> names.add(XdstpName.canonical(name)));
    wire.getRemovedResourceNamesList()
        .forEach(name -> names.add(XdstpName.canonical(name.getName())));
    return names;
  }

  String typeUrl() {
    return head.typeUrl;
  }

  String version() {
    return head.version;
  }

  String nonce() {
    return head.nonce;
  }
}
