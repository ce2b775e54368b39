package dev.weir.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checked `config.endpoint.v3.ClusterLoadAssignment`.
///
/// @param overprovisioningFactor in percent, above 0; 140 unless said otherwise
/// @param staleAfter how long the endpoints hold without a new assignment; zero for ever
public record EndpointsConfig(
    String clusterName,
    List<LocalityEndpoints> localities,
    long overprovisioningFactor,
    boolean weightedPriorityHealth,
    Duration staleAfter) {

  /// No endpoints, with every default.
  public static EndpointsConfig none(String clusterName) {
    return new EndpointsConfig(clusterName, List.of(), 140, false, Duration.ZERO);
  }

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
  /// @param address null for the endpoint's
  /// @param port 0 for the address's; not used with an address of its own
  /// @param hostname empty for the endpoint's
  public record HealthCheckAddress(
      @Nullable Address address, int port, String hostname, boolean disabled) {
    /// The endpoint's own address.
    public static final HealthCheckAddress SAME = new HealthCheckAddress(null, 0, "", false);
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
