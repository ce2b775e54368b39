package dev.weir.config;

import dev.weir.config.EndpointsConfig.EndpointConfig;
import dev.weir.config.EndpointsConfig.HealthCheckAddress;
import dev.weir.config.EndpointsConfig.HealthStatus;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.EndpointsConfig.LocalityEndpoints;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.time.Duration;

/// Makes [EndpointsConfig]s. Any thread may call.
public final class EndpointsDecoder {
  private static final String HINT =
      ". Consider setting resolver_name or setting cluster type to 'STRICT_DNS' or 'LOGICAL_DNS'";
  private static final long OVERPROVISIONING = 140;

  /// How the address of an endpoint is read.
  private interface AddressReader {
    /// Reads one.
    ///
    /// @throws InvalidResourceException if the cluster cannot have such an address
    Address read(io.envoyproxy.envoy.config.core.v3.Address wire, Field at)
        throws InvalidResourceException;
  }

  private final AddressReader addresses;

  private EndpointsDecoder(AddressReader addresses) {
    this.addresses = addresses;
  }

  /// Checks a message that was pushed, and makes config of it.
  ///
  /// @param path what the paths of problems begin with; may be empty
  /// @throws InvalidResourceException with all problems that were found
  public static Checked<EndpointsConfig> decode(ClusterLoadAssignment wire, String path)
      throws InvalidResourceException {
    return ResourceDecoder.decode(wire, path, EndpointsDecoder::resolved);
  }

  /// Endpoints with IP addresses or Unix domain sockets.
  static EndpointsConfig resolved(ClusterLoadAssignment wire, Field at) {
    return new EndpointsDecoder((address, there) -> SocketDecoder.resolved(address, HINT, there))
        .endpoints(wire, at);
  }

  /// Endpoints whose names are to be looked up.
  ///
  /// @param clusterType for the text of an error
  static EndpointsConfig named(ClusterLoadAssignment wire, String clusterType, Field at) {
    return new EndpointsDecoder(
            (address, there) -> SocketDecoder.named(address, clusterType, there))
        .endpoints(wire, at);
  }

  private EndpointsConfig endpoints(ClusterLoadAssignment wire, Field at) {
    var localities = at.each("endpoints", wire.getEndpointsList(), this::locality);
    at.withoutEffect(wire.getNamedEndpointsCount() > 0, "named_endpoints");
    var policy = wire.getPolicy();
    checkDrops(policy, at.at("policy"));
    return new EndpointsConfig(
        wire.getClusterName(),
        localities,
        ScalarDecoder.uint32(
            policy.hasOverprovisioningFactor(),
            policy.getOverprovisioningFactor(),
            OVERPROVISIONING),
        policy.getWeightedPriorityHealth(),
        ScalarDecoder.duration(
            policy.hasEndpointStaleAfter(), policy.getEndpointStaleAfter(), Duration.ZERO));
  }

  /// Only an HTTP router drops requests by these; they are checked for its sake.
  private static void checkDrops(ClusterLoadAssignment.Policy policy, Field at) {
    int count = policy.getDropOverloadsCount();
    at.check(
        count <= 1,
        "Cluster drop_overloads config has " + count + " categories. Envoy only support one.");
    for (var drop : policy.getDropOverloadsList()) {
      double ratio = ratio(drop.getDropPercentage());
      at.check(
          ratio <= 1,
          "Cluster drop_overloads config is invalid. drop_ratio=%s. The valid range is 0~1."
              .formatted(ratio));
    }
    at.withoutEffect(count > 0, "drop_overloads");
  }

  private static double ratio(FractionalPercent wire) {
    double of =
        switch (wire.getDenominator()) {
          case TEN_THOUSAND -> 10_000;
          case MILLION -> 1_000_000;
          case HUNDRED, UNRECOGNIZED -> 100;
        };
    return Integer.toUnsignedLong(wire.getNumerator()) / of;
  }

  @SuppressWarnings("deprecation") // load_balancer_endpoints is only refused
  private LocalityEndpoints locality(LocalityLbEndpoints wire, Field at) {
    at.unsupported(wire.hasLedsClusterLocalityConfig(), "leds_cluster_locality_config");
    at.unsupported(wire.hasLoadBalancerEndpoints(), "load_balancer_endpoints");
    var endpoints = at.each("lb_endpoints", wire.getLbEndpointsList(), this::endpoint);
    var locality = wire.getLocality();
    return new LocalityEndpoints(
        wire.hasLocality()
            ? new Locality(locality.getRegion(), locality.getZone(), locality.getSubZone())
            : Locality.NONE,
        wire.getPriority(),
        weight(wire, at.at("load_balancing_weight")),
        MetadataDecoder.metadata(wire.getMetadata()),
        endpoints);
  }

  /// As in Envoy, only what names a locality has a weight: all others get no load under locality
  /// weighting.
  private static long weight(LocalityLbEndpoints wire, Field at) {
    if (wire.hasLoadBalancingWeight() && !wire.hasLocality()) {
      at.warn("does not count without a locality");
      return 0;
    }
    return ScalarDecoder.uint32(wire.hasLoadBalancingWeight(), wire.getLoadBalancingWeight(), 0);
  }

  private EndpointConfig endpoint(LbEndpoint wire, Field at) throws InvalidResourceException {
    var endpoint = wire.getEndpoint();
    var endpointAt = at.at("endpoint");
    var further =
        endpointAt.each(
            "additional_addresses",
            endpoint.getAdditionalAddressesList(),
            (additional, there) -> addresses.read(additional.getAddress(), there.at("address")));
    return new EndpointConfig(
        addresses.read(endpoint.getAddress(), endpointAt.at("address")),
        further,
        endpoint.getHostname(),
        ScalarDecoder.uint32(wire.hasLoadBalancingWeight(), wire.getLoadBalancingWeight(), 1),
        health(wire),
        MetadataDecoder.metadata(wire.getMetadata()),
        healthCheck(endpoint, endpointAt.at("health_check_config")));
  }

  private static HealthStatus health(LbEndpoint wire) {
    return switch (wire.getHealthStatus()) {
      case HEALTHY -> HealthStatus.HEALTHY;
      case UNHEALTHY -> HealthStatus.UNHEALTHY;
      case DRAINING -> HealthStatus.DRAINING;
      case TIMEOUT -> HealthStatus.TIMEOUT;
      case DEGRADED -> HealthStatus.DEGRADED;
      case UNKNOWN, UNRECOGNIZED -> HealthStatus.UNKNOWN;
    };
  }

  private static HealthCheckAddress healthCheck(Endpoint endpoint, Field at)
      throws InvalidResourceException {
    if (!endpoint.hasHealthCheckConfig()) {
      return HealthCheckAddress.SAME;
    }
    var wire = endpoint.getHealthCheckConfig();
    return new HealthCheckAddress(
        wire.hasAddress() ? SocketDecoder.resolved(wire.getAddress(), "", at.at("address")) : null,
        wire.getPortValue(),
        wire.getHostname(),
        wire.getDisableActiveHealthCheck());
  }
}
