package dev.weir.upstream.host;

import dev.weir.config.EndpointsConfig.HealthCheckAddress;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.Metadata;

/// What discovery says of a host.
///
/// @param hostname the name that was resolved, or the one that EDS gives; may be empty
/// @param weight at least 1
/// @param localityMetadata of the locality that the host is in
/// @param healthCheck where its active checks go
public record HostInfo(
    String hostname,
    long weight,
    Place place,
    Metadata metadata,
    Metadata localityMetadata,
    HealthCheckAddress healthCheck) {

  /// Where a host stands among the others.
  ///
  /// @param priority 0 is the highest
  public record Place(int priority, Locality locality) {}

  Locality locality() {
    return place.locality();
  }
}
