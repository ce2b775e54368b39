package dev.weir.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /// What is found in a namespace when one goes down from key to key; null for nothing.
  public @Nullable MetadataValue find(String namespace, List<String> path) {
    var fields = in(namespace);
    MetadataValue found = null;
    for (var key : path) {
      found = fields.get(key);
      fields = found instanceof MetadataValue.Fields(var below) ? below : Map.of();
    }
    return found;
  }
}
