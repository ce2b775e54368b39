package dev.weir.config;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.ClusterConfig.DnsConfig;
import dev.weir.config.ClusterConfig.LookupFamily;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerDnsCluster;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DnsResolverOptions;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.clusters.common.dns.v3.DnsLookupFamily;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import io.envoyproxy.envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig;
import io.envoyproxy.envoy.extensions.network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig;
import io.envoyproxy.envoy.extensions.network.dns_resolver.hickory.v3.HickoryDnsResolverConfig;
import java.time.Duration;
import java.util.List;

/// Makes the [Discovery] of clusters whose hosts are looked up.
final class DnsDecoder {
  private static final Duration REFRESH_RATE = Duration.ofSeconds(5);

  private DnsDecoder() {}

  /// `STRICT_DNS`.
  ///
  /// @param dnsAt where `dns` stands
  static Discovery strict(Cluster wire, DnsCluster dns, Field dnsAt, Field at)
      throws InvalidResourceException {
    return new Discovery.StrictDns(endpoints(wire, "STRICT_DNS", at), config(wire, dns, dnsAt));
  }

  /// `LOGICAL_DNS`.
  ///
  /// @param dnsAt where `dns` stands
  static Discovery logical(Cluster wire, DnsCluster dns, Field dnsAt, Field at)
      throws InvalidResourceException {
    var localities = wire.getLoadAssignment().getEndpointsList();
    at.require(
        localities.size() == 1 && localities.getFirst().getLbEndpointsCount() == 1,
        wire.hasLoadAssignment()
            ? "LOGICAL_DNS clusters must have a single locality_lb_endpoint and a single"
                + " lb_endpoint"
            : "LOGICAL_DNS clusters must have a single host");
    return new Discovery.LogicalDns(endpoints(wire, "LOGICAL_DNS", at), config(wire, dns, dnsAt));
  }

  private static EndpointsConfig endpoints(Cluster wire, String type, Field at) {
    return wire.hasLoadAssignment()
        ? EndpointsDecoder.named(wire.getLoadAssignment(), type, at.at("load_assignment"))
        : EndpointsConfig.none(wire.getName());
  }

  /// What the cluster's own fields say, as they did before there was a `DnsCluster`.
  @SuppressWarnings("deprecation")
  static DnsCluster ofFields(Cluster wire) {
    var dns = DnsCluster.newBuilder().setRespectDnsTtl(wire.getRespectDnsTtl());
    if (wire.hasDnsRefreshRate()) {
      dns.setDnsRefreshRate(wire.getDnsRefreshRate());
    }
    if (wire.hasDnsFailureRefreshRate()) {
      var rate = dns.getDnsFailureRefreshRateBuilder();
      rate.setBaseInterval(wire.getDnsFailureRefreshRate().getBaseInterval());
      if (wire.getDnsFailureRefreshRate().hasMaxInterval()) {
        rate.setMaxInterval(wire.getDnsFailureRefreshRate().getMaxInterval());
      }
    }
    if (wire.hasDnsJitter()) {
      dns.setDnsJitter(wire.getDnsJitter());
    }
    return dns.setDnsLookupFamily(family(wire.getDnsLookupFamily()))
        .setTypedDnsResolverConfig(resolverOfFields(wire))
        .build();
  }

  private static DnsLookupFamily family(Cluster.DnsLookupFamily wire) {
    return switch (wire) {
      case V4_ONLY -> DnsLookupFamily.V4_ONLY;
      case V6_ONLY -> DnsLookupFamily.V6_ONLY;
      case V4_PREFERRED -> DnsLookupFamily.V4_PREFERRED;
      case ALL -> DnsLookupFamily.ALL;
      case AUTO, UNRECOGNIZED -> DnsLookupFamily.AUTO;
    };
  }

  @SuppressWarnings("deprecation")
  private static TypedExtensionConfig resolverOfFields(Cluster wire) {
    if (wire.hasTypedDnsResolverConfig()) {
      return wire.getTypedDnsResolverConfig();
    }
    var cares = CaresDnsResolverConfig.newBuilder();
    if (wire.hasDnsResolutionConfig()) {
      cares
          .addAllResolvers(wire.getDnsResolutionConfig().getResolversList())
          .setDnsResolverOptions(wire.getDnsResolutionConfig().getDnsResolverOptions());
    } else {
      cares
          .addAllResolvers(wire.getDnsResolversList())
          .setDnsResolverOptions(
              DnsResolverOptions.newBuilder()
                  .setUseTcpForDnsLookups(wire.getUseTcpForDnsLookups()));
    }
    return TypedExtensionConfig.newBuilder()
        .setName("envoy.network.dns_resolver.cares")
        .setTypedConfig(Any.pack(cares.build()))
        .build();
  }

  /// How names are resolved.
  static DnsConfig config(Cluster cluster, DnsCluster wire, Field at)
      throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerDnsCluster.getDefaultInstance());
    var refresh =
        ScalarDecoder.duration(wire.hasDnsRefreshRate(), wire.getDnsRefreshRate(), REFRESH_RATE);
    var failure = wire.getDnsFailureRefreshRate();
    var base =
        ScalarDecoder.duration(failure.hasBaseInterval(), failure.getBaseInterval(), refresh);
    var longest = ScalarDecoder.duration(failure.hasMaxInterval(), failure.getMaxInterval(), base);
    at.check(
        longest.compareTo(base) >= 0,
        "dns_failure_refresh_rate must have max_interval greater than or equal to the"
            + " base_interval");
    var resolver = resolver(wire.getTypedDnsResolverConfig(), at.at("typed_dns_resolver_config"));
    return new DnsConfig(
        family(wire.getDnsLookupFamily()),
        refresh,
        base,
        longest,
        ScalarDecoder.duration(wire.hasDnsJitter(), wire.getDnsJitter(), Duration.ZERO),
        new DnsConfig.Options(
            wire.getRespectDnsTtl(),
            ScalarDecoder.duration(
                newer.hasDnsMinRefreshRate(), newer.getDnsMinRefreshRate(), Duration.ZERO),
            ScalarDecoder.bool(
                cluster.hasWaitForWarmOnInit(), cluster.getWaitForWarmOnInit(), true),
            resolver.useTcp(),
            resolver.servers()));
  }

  private static LookupFamily family(DnsLookupFamily wire) {
    return switch (wire) {
      case V4_ONLY -> LookupFamily.V4_ONLY;
      case V6_ONLY -> LookupFamily.V6_ONLY;
      case V4_PREFERRED -> LookupFamily.V4_PREFERRED;
      case ALL -> LookupFamily.ALL;
      case AUTO, UNSPECIFIED, UNRECOGNIZED -> LookupFamily.AUTO;
    };
  }

  /// Whom to ask, and over what.
  private record Resolver(boolean useTcp, List<Address.Socket> servers) {
    static final Resolver SYSTEM = new Resolver(false, List.of());
  }

  private static Resolver resolver(TypedExtensionConfig wire, Field at)
      throws InvalidResourceException {
    if (!wire.hasTypedConfig()) {
      return Resolver.SYSTEM;
    }
    Message typed = ExtensionDecoder.unpack(wire, at);
    return switch (typed) {
      case CaresDnsResolverConfig cares -> cares(cares, at.at("typed_config"));
      case GetAddrInfoDnsResolverConfig _ -> Resolver.SYSTEM;
      case HickoryDnsResolverConfig hickory -> hickory(hickory, at.at("typed_config"));
      default ->
          throw ExtensionDecoder.unregistered(
              wire.getName(), typed.getDescriptorForType().getFullName(), at);
    };
  }

  private static Resolver cares(CaresDnsResolverConfig wire, Field at) {
    boolean useTcp = wire.getDnsResolverOptions().getUseTcpForDnsLookups();
    at.at("dns_resolver_options").withoutEffect(useTcp, "use_tcp_for_dns_lookups");
    at.at("dns_resolver_options")
        .withoutEffect(
            wire.getDnsResolverOptions().getNoDefaultSearchDomain(), "no_default_search_domain");
    at.withoutEffect(wire.getUseResolversAsFallback(), "use_resolvers_as_fallback");
    at.withoutEffect(wire.getFilterUnroutableFamilies(), "filter_unroutable_families");
    at.withoutEffect(wire.hasQueryTimeoutSeconds(), "query_timeout_seconds");
    at.withoutEffect(wire.hasQueryTries(), "query_tries");
    at.withoutEffect(wire.getRotateNameservers(), "rotate_nameservers");
    return new Resolver(useTcp, at.each("resolvers", wire.getResolversList(), DnsDecoder::server));
  }

  /// Encrypted questions are refused, not asked in the clear.
  private static Resolver hickory(HickoryDnsResolverConfig wire, Field at) {
    at.unsupported(wire.hasDnsOverTls(), "dns_over_tls");
    at.unsupported(wire.hasDnsOverHttps(), "dns_over_https");
    at.unsupported(wire.getEnableDnssec(), "enable_dnssec");
    at.withoutEffect(wire.hasCacheSize(), "cache_size");
    at.withoutEffect(wire.hasQueryTimeout(), "query_timeout");
    at.withoutEffect(wire.hasQueryTries(), "query_tries");
    return new Resolver(false, at.each("resolvers", wire.getResolversList(), DnsDecoder::server));
  }

  private static Address.Socket server(io.envoyproxy.envoy.config.core.v3.Address wire, Field at)
      throws InvalidResourceException {
    at.require(wire.hasSocketAddress(), "a resolver's address must be a socket_address");
    return SocketDecoder.ip(wire.getSocketAddress(), "", at.at("socket_address"));
  }
}
