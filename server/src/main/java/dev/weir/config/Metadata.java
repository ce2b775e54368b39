package dev.weir.config;

import java.util.Map;

/// `config.core.v3.Metadata`: values by namespace and key.
public record Metadata(Map<String, Map<String, MetadataValue>> namespaces) {

  /// Says nothing.
  public static final Metadata NONE = new Metadata(Map.of());

  /// The namespace that load balancing reads.
  public static final String LB = "envoy.lb";

  /// The namespace that `transport_socket_matches` reads.
  public static final String TRANSPORT_SOCKET_MATCH = "envoy.transport_socket_match";

  /// The values of a namespace; empty where there are none.
  public Map<String, MetadataValue> in(String namespace) {
    return namespaces.getOrDefault(namespace, Map.of());
  }
}
