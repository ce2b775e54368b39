package dev.weir.xds;

import dev.weir.proto.OnUnknown;
import io.envoyproxy.envoy.config.core.v3.Node;
import org.jspecify.annotations.Nullable;

/// Who we are and whom we ask.
///
/// @param node as the bootstrap and the command line have it; what this client can do is added
/// @param ads the aggregated stream; null for none
/// @param authorities who is asked for resources whose names tell it
/// @param unknownFields what to do about them in files; a decoder sees to those of gRPC
public record ClientConfig(
    Node node, @Nullable ApiConfig ads, Authorities authorities, OnUnknown unknownFields) {
  /// Names tell nothing.
  public ClientConfig(Node node, @Nullable ApiConfig ads, OnUnknown unknownFields) {
    this(node, ads, Authorities.none(), unknownFields);
  }
}
