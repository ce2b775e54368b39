package dev.weir.config;

import com.google.protobuf.UInt32Value;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.ClusterConfig.DnsCacheConfig;
import dev.weir.config.ClusterConfig.MetadataPath;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import io.envoyproxy.envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig.ClusterImplementationSpecifierCase;
import io.envoyproxy.envoy.extensions.clusters.original_dst.v3.OriginalDstCluster;
import io.envoyproxy.envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import java.time.Duration;

/// Makes the [Discovery] of clusters whose hosts are chosen by the connections themselves.
final class ProvidedHostsDecoder {
  private static final Duration CLEANUP_INTERVAL = Duration.ofSeconds(5);
  private static final com.google.protobuf.Duration CACHE_REFRESH_RATE =
      com.google.protobuf.Duration.newBuilder().setSeconds(60).build();
  private static final Duration CACHE_MIN_REFRESH_RATE = Duration.ofSeconds(5);
  private static final Duration CACHE_HOST_TTL = Duration.ofMinutes(5);
  private static final Duration CACHE_QUERY_TIMEOUT = Duration.ofSeconds(5);
  private static final int CACHE_MAX = 1024;
  private static final int HTTPS = 443;

  private ProvidedHostsDecoder() {}

  static Discovery originalDst(Cluster wire, Field at) {
    at.check(
        wire.getLbPolicy() == LbPolicy.CLUSTER_PROVIDED,
        ("cluster: LB policy %s is not valid for Cluster type ORIGINAL_DST. Only 'CLUSTER_PROVIDED'"
                + " is allowed with cluster type 'ORIGINAL_DST'")
            .formatted(wire.getLbPolicy()));
    at.check(
        !wire.hasLoadAssignment(), "ORIGINAL_DST clusters must have no load assignment configured");
    var config = wire.getOriginalDstLbConfig();
    var typed =
        OriginalDstCluster.newBuilder()
            .setUseHttpHeader(config.getUseHttpHeader())
            .setHttpHeaderName(config.getHttpHeaderName());
    if (config.hasUpstreamPortOverride()) {
      typed.setUpstreamPortOverride(config.getUpstreamPortOverride());
    }
    if (config.hasMetadataKey()) {
      typed.setMetadataKey(config.getMetadataKey());
    }
    return originalDst(wire, typed.build(), at.at("original_dst_lb_config"));
  }

  /// The same as a type of its own.
  static Discovery originalDst(Cluster cluster, OriginalDstCluster wire, Field at) {
    at.check(
        wire.getUseHttpHeader() || wire.getHttpHeaderName().isEmpty(),
        ("ORIGINAL_DST cluster: invalid config http_header_name=%s and use_http_header is false."
                + " Set use_http_header to true if http_header_name is desired.")
            .formatted(wire.getHttpHeaderName()));
    at.withoutEffect(wire.getUseHttpHeader(), "use_http_header");
    return new Discovery.OriginalDst(
        wire.getUpstreamPortOverride().getValue(),
        wire.hasMetadataKey() ? path(wire.getMetadataKey()) : null,
        ScalarDecoder.duration(
            cluster.hasCleanupInterval(), cluster.getCleanupInterval(), CLEANUP_INTERVAL));
  }

  private static MetadataPath path(MetadataKey wire) {
    return new MetadataPath(
        wire.getKey(), wire.getPathList().stream().map(MetadataKey.PathSegment::getKey).toList());
  }

  static Discovery dynamicForward(
      Cluster cluster,
      io.envoyproxy.envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig wire,
      Field at)
      throws InvalidResourceException {
    at.unsupported(wire.hasSubClustersConfig(), "sub_clusters_config");
    at.require(
        wire.getClusterImplementationSpecifierCase()
            == ClusterImplementationSpecifierCase.DNS_CACHE_CONFIG,
        "dns_cache_config needed");
    at.withoutEffect(wire.getAllowCoalescedConnections(), "allow_coalesced_connections");
    at.check(
        wire.getAllowInsecureClusterOptions() || HttpOptionsDecoder.provesHosts(cluster),
        "dynamic_forward_proxy cluster must have auto_sni and auto_san_validation true unless"
            + " allow_insecure_cluster_options is set.");
    return new Discovery.DynamicForward(
        cache(wire.getDnsCacheConfig(), cluster, at.at("dns_cache_config")));
  }

  static NetworkFilterConfig sniForward(FilterConfig wire, Field at)
      throws InvalidResourceException {
    at.withoutEffect(wire.getSaveUpstreamAddress(), "save_upstream_address");
    return new NetworkFilterConfig.SniForward(
        cache(wire.getDnsCacheConfig(), Cluster.getDefaultInstance(), at.at("dns_cache_config")),
        wire.hasPortValue() ? wire.getPortValue() : HTTPS);
  }

  /// A cache.
  ///
  /// @param cluster whose resolver is asked where the cache names none
  static DnsCacheConfig cache(
      io.envoyproxy.envoy.extensions.common.dynamic_forward_proxy.v3.DnsCacheConfig wire,
      Cluster cluster,
      Field at)
      throws InvalidResourceException {
    at.withoutEffect(wire.hasKeyValueConfig(), "key_value_config");
    at.withoutEffect(wire.getDisableDnsRefreshOnFailure(), "disable_dns_refresh_on_failure");
    var breaker = wire.getDnsCacheCircuitBreaker();
    return new DnsCacheConfig(
        wire.getName(),
        DnsDecoder.config(cluster, dns(wire, cluster), at)
            .respectingTtl(
                ScalarDecoder.duration(
                    wire.hasDnsMinRefreshRate(),
                    wire.getDnsMinRefreshRate(),
                    CACHE_MIN_REFRESH_RATE)),
        ScalarDecoder.duration(wire.hasHostTtl(), wire.getHostTtl(), CACHE_HOST_TTL),
        size(wire.hasMaxHosts(), wire.getMaxHosts()),
        size(breaker.hasMaxPendingRequests(), breaker.getMaxPendingRequests()),
        ScalarDecoder.duration(
            wire.hasDnsQueryTimeout(), wire.getDnsQueryTimeout(), CACHE_QUERY_TIMEOUT),
        at.each(
            "preresolve_hostnames",
            wire.getPreresolveHostnamesList(),
            (name, _) -> new Address.Socket(name.getAddress(), name.getPortValue())));
  }

  private static int size(boolean set, UInt32Value wire) {
    return ScalarDecoder.size(set, wire, CACHE_MAX);
  }

  @SuppressWarnings("deprecation") // former ways to name resolvers
  private static DnsCluster dns(
      io.envoyproxy.envoy.extensions.common.dynamic_forward_proxy.v3.DnsCacheConfig wire,
      Cluster cluster) {
    var own =
        Cluster.newBuilder()
            .setDnsLookupFamily(wire.getDnsLookupFamily())
            .setDnsRefreshRate(
                wire.hasDnsRefreshRate() ? wire.getDnsRefreshRate() : CACHE_REFRESH_RATE)
            .setUseTcpForDnsLookups(wire.getUseTcpForDnsLookups());
    if (wire.hasDnsFailureRefreshRate()) {
      own.setDnsFailureRefreshRate(wire.getDnsFailureRefreshRate());
    }
    if (wire.hasTypedDnsResolverConfig()) {
      own.setTypedDnsResolverConfig(wire.getTypedDnsResolverConfig());
    } else if (wire.hasDnsResolutionConfig()) {
      own.setDnsResolutionConfig(wire.getDnsResolutionConfig());
    } else if (cluster.hasTypedDnsResolverConfig()) {
      own.setTypedDnsResolverConfig(cluster.getTypedDnsResolverConfig());
    }
    return DnsDecoder.ofFields(own.build());
  }
}
