package dev.weir.config;

import java.time.Duration;
import java.util.Map;

/// Who is called for a gRPC service. Source: `envoy.config.core.v3.GrpcService`, of which only
/// `envoy_grpc` is served.
///
/// @param cluster the cluster that is called
/// @param authority the `:authority` header; empty for the cluster's name
/// @param timeout for a single call; zero for none
/// @param initialMetadata headers that are sent along, by name in lower case
/// @param envoyHeaders whether the service is told that Envoy asks, and from which address
public record GrpcServiceConfig(
    String cluster,
    String authority,
    Duration timeout,
    Map<String, LogTemplate> initialMetadata,
    boolean envoyHeaders) {
  public GrpcServiceConfig {
    initialMetadata = Map.copyOf(initialMetadata);
  }

  /// The same service, with another timeout.
  public GrpcServiceConfig within(Duration patience) {
    return new GrpcServiceConfig(cluster, authority, patience, initialMetadata, envoyHeaders);
  }
}
