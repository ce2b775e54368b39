package dev.weir.config;

import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import io.envoyproxy.envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig;
import io.envoyproxy.envoy.extensions.clusters.original_dst.v3.OriginalDstCluster;
import java.util.List;

/// Makes the part of a [ClusterConfig] that says how its hosts are found.
final class DiscoveryDecoder {
  private DiscoveryDecoder() {}

  static Discovery discovery(Cluster wire, Field at) throws InvalidResourceException {
    if (wire.hasClusterType()) {
      return custom(wire, wire.getClusterType(), at.at("cluster_type"), at);
    }
    return byType(wire, wire.getType(), at);
  }

  private static Discovery byType(Cluster wire, DiscoveryType type, Field at)
      throws InvalidResourceException {
    at.check(
        !wire.hasEdsClusterConfig() || type == DiscoveryType.EDS,
        "eds_cluster_config set in a non-EDS cluster");
    return switch (type) {
      case STATIC -> new Discovery.Static(endpoints(wire, at));
      case STRICT_DNS -> DnsDecoder.strict(wire, DnsDecoder.ofFields(wire), at, at);
      case LOGICAL_DNS -> DnsDecoder.logical(wire, DnsDecoder.ofFields(wire), at, at);
      case EDS -> eds(wire, at);
      case ORIGINAL_DST -> ProvidedHostsDecoder.originalDst(wire, at);
      case UNRECOGNIZED -> throw at.at("type").invalid("unknown");
    };
  }

  private static EndpointsConfig endpoints(Cluster wire, Field at) {
    return wire.hasLoadAssignment()
        ? EndpointsDecoder.resolved(wire.getLoadAssignment(), at.at("load_assignment"))
        : EndpointsConfig.none(wire.getName());
  }

  private static Discovery eds(Cluster wire, Field at) throws InvalidResourceException {
    at.require(wire.hasEdsClusterConfig(), "cannot create an EDS cluster without an EDS config");
    var config = wire.getEdsClusterConfig();
    var service = config.getServiceName().isEmpty() ? wire.getName() : config.getServiceName();
    return new Discovery.Eds(
        ConfigSourceDecoder.source(
            service, config.getEdsConfig(), at.at("eds_cluster_config").at("eds_config")),
        service);
  }

  /// The type of the configuration decides, and the name only where there is none.
  private static Discovery custom(
      Cluster wire, Cluster.CustomClusterType custom, Field customAt, Field at)
      throws InvalidResourceException {
    if (custom.hasTypedConfig()) {
      return typed(wire, custom, customAt.at("typed_config"), at);
    }
    return switch (custom.getName()) {
      case "envoy.cluster.static" -> byType(wire, DiscoveryType.STATIC, at);
      case "envoy.cluster.strict_dns" -> byType(wire, DiscoveryType.STRICT_DNS, at);
      case "envoy.cluster.logical_dns" -> byType(wire, DiscoveryType.LOGICAL_DNS, at);
      case "envoy.cluster.eds" -> byType(wire, DiscoveryType.EDS, at);
      case "envoy.cluster.original_dst" -> byType(wire, DiscoveryType.ORIGINAL_DST, at);
      case "envoy.cluster.dns" -> dns(wire, DnsCluster.getDefaultInstance(), customAt, at);
      default ->
          throw customAt.invalid(
              "Didn't find a registered cluster factory implementation for name: '%s'"
                  .formatted(custom.getName()));
    };
  }

  private static Discovery typed(
      Cluster wire, Cluster.CustomClusterType custom, Field typedAt, Field at)
      throws InvalidResourceException {
    var typed = ExtensionDecoder.unpack(custom.getName(), custom.getTypedConfig(), typedAt);
    return switch (typed) {
      case DnsCluster dns -> dns(wire, dns, typedAt, at);
      case io.envoyproxy.envoy.extensions.clusters.aggregate.v3.ClusterConfig aggregate ->
          new Discovery.Aggregate(List.copyOf(aggregate.getClustersList()));
      case OriginalDstCluster original -> ProvidedHostsDecoder.originalDst(wire, original, typedAt);
      case ClusterConfig forward -> ProvidedHostsDecoder.dynamicForward(wire, forward, typedAt);
      default -> throw unknown(typed.getDescriptorForType().getFullName(), typedAt);
    };
  }

  private static InvalidResourceException unknown(String type, Field at) {
    return at.invalid(
        type.startsWith("envoy.extensions.clusters.")
            ? "cluster type " + type + " is not supported"
            : "Didn't find a registered cluster factory implementation for type: '" + type + "'");
  }

  /// The cluster's own resolver is asked where the typed configuration names none.
  private static Discovery dns(Cluster wire, DnsCluster typed, Field dnsAt, Field at)
      throws InvalidResourceException {
    var dns =
        typed.hasTypedDnsResolverConfig() || !wire.hasTypedDnsResolverConfig()
            ? typed
            : typed.toBuilder().setTypedDnsResolverConfig(wire.getTypedDnsResolverConfig()).build();
    return dns.getAllAddressesInSingleEndpoint()
        ? DnsDecoder.logical(wire, dns, dnsAt, at)
        : DnsDecoder.strict(wire, dns, dnsAt, at);
  }
}
