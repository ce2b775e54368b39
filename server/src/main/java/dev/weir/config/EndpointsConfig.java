package dev.weir.config;

import java.util.List;

/// A checked `config.endpoint.v3.ClusterLoadAssignment`.
///
/// @param overprovisioningFactor in percent, above 0; 140 unless said otherwise
public record EndpointsConfig(
    String clusterName,
    List<LocalityEndpoints> localities,
    int overprovisioningFactor,
    boolean weightedPriorityHealth) {

  /// The endpoints of one locality at one priority.
  ///
  /// @param priority 0 is the highest, at most 128
  /// @param weight of the locality among its like; 0 takes no traffic under locality weighting
  public record LocalityEndpoints(
      Locality locality,
      int priority,
      long weight,
      Metadata metadata,
      List<EndpointConfig> endpoints) {}

  /// `config.core.v3.Locality`.
  public record Locality(String region, String zone, String subZone) {
    /// No locality.
    public static final Locality NONE = new Locality("", "", "");
  }

  /// One endpoint.
  ///
  /// @param weight at least 1
  /// @param additionalAddresses further addresses of the same endpoint, for happy eyeballs
  public record EndpointConfig(
      Address address,
      List<Address> additionalAddresses,
      String hostname,
      long weight,
      HealthStatus health,
      Metadata metadata,
      HealthCheckAddress healthCheck) {}

  /// Where an endpoint's active checks go, if not to its own address
  /// (`Endpoint.HealthCheckConfig`).
  ///
  /// @param port 0 for the endpoint's
  /// @param hostname empty for the endpoint's
  public record HealthCheckAddress(int port, String hostname, boolean disabled) {
    /// The endpoint's own address.
    public static final HealthCheckAddress SAME = new HealthCheckAddress(0, "", false);
  }

  /// `config.core.v3.HealthStatus`.
  public enum HealthStatus {
    UNKNOWN,
    HEALTHY,
    UNHEALTHY,
    DRAINING,
    TIMEOUT,
    DEGRADED
  }
}
