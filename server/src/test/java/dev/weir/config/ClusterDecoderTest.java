package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.ClusterConfig.DnsConfig;
import dev.weir.config.ClusterConfig.FirstFamily;
import dev.weir.config.ClusterConfig.HappyEyeballs;
import dev.weir.config.ClusterConfig.LookupFamily;
import dev.weir.config.ClusterConfig.SourceAddress;
import dev.weir.config.SocketConfig.Option;
import dev.weir.config.SocketConfig.OptionValue;
import dev.weir.config.SocketConfig.State;
import dev.weir.xds.ApiConfig;
import dev.weir.xds.ConfigSource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterDecoderTest {
  private static final String ENDPOINT =
      "load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ endpoint: { address: {"
          + " socket_address: { address: HOST, port_value: 1 } } } }] }] }\n";

  static ClusterConfig decode(String yaml) {
    return Wire.decode("name: c\n" + yaml, Cluster.getDefaultInstance(), ClusterDecoder::decode)
        .value();
  }

  static List<String> problems(String yaml) {
    return Wire.problems("name: c\n" + yaml, Cluster.getDefaultInstance(), ClusterDecoder::decode);
  }

  static List<String> warnings(String yaml) {
    return Wire.decode("name: c\n" + yaml, Cluster.getDefaultInstance(), ClusterDecoder::decode)
        .warnings();
  }

  @Test
  void thePlainestHasTheDefaults() {
    var cluster = decode("");
    assertEquals("c", cluster.statName());
    assertEquals(new Discovery.Static(EndpointsConfig.none("c")), cluster.discovery());
    assertEquals(HealthConfig.NONE, cluster.health());
    var upstream = cluster.upstream();
    assertEquals(Duration.ofSeconds(5), upstream.connectTimeout());
    assertEquals(1024 * 1024, upstream.bufferLimit());
    assertEquals(CircuitBreakersConfig.DEFAULT, upstream.circuitBreakers());
    assertEquals(new TransportSocketConfig.RawBuffer(), upstream.transportSocket());
    assertEquals(SocketConfig.DEFAULT, upstream.socket());
    assertEquals(List.of(), upstream.sources());
    assertEquals(HappyEyeballs.DEFAULT, upstream.happyEyeballs());
    assertEquals(List.of(), warnings(""));
  }

  @Test
  void connectionsAreMadeAsSaid() {
    var upstream =
        decode(
                """
                connect_timeout: 0.25s
                per_connection_buffer_limit_bytes: 0
                upstream_connection_options:
                  tcp_keepalive: { keepalive_probes: 3, keepalive_time: 30, keepalive_interval: 5 }
                  happy_eyeballs_config:
                    first_address_family_version: V6
                    first_address_family_count: 2
                upstream_bind_config:
                  source_address: { address: 127.0.0.9, port_value: 0 }
                  freebind: true
                  socket_options: [{ level: 1, name: 9, int_value: 1 }]
                  extra_source_addresses:
                  - address: { address: "::1", port_value: 0 }
                    socket_options: { socket_options: [] }
                circuit_breakers:
                  thresholds: [{ max_connections: 1 }, { priority: HIGH, max_requests: 2 }]
                  per_host_thresholds: [{ max_connections: 7 }]
                """)
            .upstream();
    assertEquals(Duration.ofMillis(250), upstream.connectTimeout());
    assertEquals(Integer.MAX_VALUE, upstream.bufferLimit());
    assertEquals(
        new SocketConfig(
            new SocketConfig.Keepalive(3, Duration.ofSeconds(30), Duration.ofSeconds(5)),
            List.of()),
        upstream.socket());
    assertEquals(
        List.of(
            new SourceAddress(
                new Address.Socket("127.0.0.9", 0),
                List.of(
                    new Option("freebind", 0, 15, new OptionValue.Int(1), State.PREBIND),
                    new Option("", 1, 9, new OptionValue.Int(1), State.PREBIND))),
            new SourceAddress(
                new Address.Socket("::1", 0),
                List.of(new Option("freebind", 41, 78, new OptionValue.Int(1), State.PREBIND)))),
        upstream.sources());
    assertEquals(new HappyEyeballs(FirstFamily.V6, 2), upstream.happyEyeballs());
    var breakers = upstream.circuitBreakers();
    assertEquals(1, breakers.normal().maxConnections());
    assertEquals(1024, breakers.normal().maxRequests());
    assertEquals(2, breakers.high().maxRequests());
    assertEquals(7, breakers.perHostMaxConnections());
  }

  @Test
  void namesAreLookedUpAsTheClustersOwnFieldsSay() {
    var discovery =
        decode(
                """
                type: STRICT_DNS
                dns_refresh_rate: 2s
                dns_failure_refresh_rate: { base_interval: 1s, max_interval: 9s }
                dns_jitter: 3s
                dns_lookup_family: V4_PREFERRED
                respect_dns_ttl: true
                wait_for_warm_on_init: false
                use_tcp_for_dns_lookups: true
                dns_resolvers: [{ socket_address: { address: 1.2.3.4, port_value: 53 } }]
                """
                    + ENDPOINT.replace("HOST", "some.host"))
            .discovery();
    var strict = (Discovery.StrictDns) discovery;
    assertEquals(
        new DnsConfig(
            LookupFamily.V4_PREFERRED,
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(9),
            Duration.ofSeconds(3),
            new DnsConfig.Options(
                true, Duration.ZERO, false, true, List.of(new Address.Socket("1.2.3.4", 53)))),
        strict.dns());
    assertEquals(
        new Address.Socket("some.host", 1),
        strict.endpoints().localities().getFirst().endpoints().getFirst().address());
  }

  @Test
  void namesAreLookedUpAsATypedClusterSays() {
    var yaml =
        """
        cluster_type:
          name: any
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.clusters.dns.v3.DnsCluster
            dns_lookup_family: ALL
            dns_min_refresh_rate: 4s
            all_addresses_in_single_endpoint: SINGLE
        """
            + ENDPOINT.replace("HOST", "some.host");
    var dns =
        new DnsConfig(
            LookupFamily.ALL,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ZERO,
            new DnsConfig.Options(false, Duration.ofSeconds(4), true, false, List.of()));
    var strict = (Discovery.StrictDns) decode(yaml.replace("SINGLE", "false")).discovery();
    assertEquals(dns, strict.dns());
    var logical = (Discovery.LogicalDns) decode(yaml.replace("SINGLE", "true")).discovery();
    assertEquals(dns, logical.dns());
  }

  @Test
  void endpointsComeFromASource() {
    assertEquals(
        new Discovery.Eds(new ConfigSource.Ads(Duration.ZERO), "s"),
        decode(
                """
                type: EDS
                eds_cluster_config:
                  eds_config: { ads: {}, initial_fetch_timeout: 0s }
                  service_name: s
                """)
            .discovery());
    assertEquals(
        new Discovery.Eds(
            new ConfigSource.Grpc(ApiConfig.of("xds", true), Duration.ofSeconds(15)), "c"),
        decode(
                """
                cluster_type: { name: envoy.cluster.eds }
                eds_cluster_config:
                  eds_config:
                    api_config_source:
                      api_type: DELTA_GRPC
                      grpc_services: [{ envoy_grpc: { cluster_name: xds } }]
                """)
            .discovery());
  }

  @Test
  void whatHasNoEffectIsSaid() {
    assertEquals(
        List.of(
            "track_cluster_stats: has no effect",
            "lb_subset_config: has no effect without subset_selectors"),
        warnings(
            """
            track_cluster_stats: {}
            lb_subset_config: { fallback_policy: ANY_ENDPOINT }
            """));
  }

  static Stream<Arguments> verdicts() {
    return Tables.cases(
        """
        load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address: malformed IP address: some.host. Consider setting resolver_name
        load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: some.host, port_value: 1 } } } }] }] }
        ---
        load_assignment.endpoints[0].lb_endpoints[1].endpoint.address: Address must be set. Consider
        load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: /a } } } }, {}] }] }
        ---
        load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address: STRICT_DNS clusters must NOT have a custom resolver name set
        type: STRICT_DNS
        load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: h, port_value: 1, resolver_name: x } } } }] }] }
        ---
        LOGICAL_DNS clusters must have a single locality_lb_endpoint and a single lb_endpoint
        type: LOGICAL_DNS
        load_assignment: { cluster_name: c }
        ---
        LOGICAL_DNS clusters must have a single host
        type: LOGICAL_DNS
        ---
        eds_cluster_config set in a non-EDS cluster
        eds_cluster_config: { eds_config: { ads: {} } }
        ---
        cannot create an EDS cluster without an EDS config
        type: EDS
        ---
        eds_cluster_config.eds_config: Missing config source specifier
        type: EDS
        eds_cluster_config: {}
        ---
        eds_cluster_config.eds_config.path_config_source.path: paths must refer to an existing path in the system: '/nonexistent/x.yaml' does not exist
        type: EDS
        eds_cluster_config: { eds_config: { path_config_source: { path: /nonexistent/x.yaml } } }
        ---
        eds_cluster_config.eds_config.api_config_source: API configs must have either a gRPC service or a cluster name defined
        type: EDS
        eds_cluster_config: { eds_config: { api_config_source: { api_type: GRPC } } }
        ---
        eds_cluster_config.eds_config.api_config_source.api_type: ApiConfigSource type must be gRPC
        type: EDS
        eds_cluster_config: { eds_config: { api_config_source: { api_type: REST, cluster_names: [a] } } }
        ---
        cluster: LB policy ROUND_ROBIN is not valid for Cluster type ORIGINAL_DST
        type: ORIGINAL_DST
        ---
        ok
        type: ORIGINAL_DST
        lb_policy: CLUSTER_PROVIDED
        ---
        ORIGINAL_DST clusters must have no load assignment configured
        type: ORIGINAL_DST
        lb_policy: CLUSTER_PROVIDED
        load_assignment: { cluster_name: c }
        ---
        original_dst_lb_config: ORIGINAL_DST cluster: invalid config http_header_name=x and use_http_header is false.
        type: ORIGINAL_DST
        lb_policy: CLUSTER_PROVIDED
        original_dst_lb_config: { http_header_name: x }
        ---
        original_dst_lb_config.upstream_port_override: must be
        type: ORIGINAL_DST
        lb_policy: CLUSTER_PROVIDED
        original_dst_lb_config: { upstream_port_override: 65536 }
        ---
        cluster_type: Didn't find a registered cluster factory implementation for name: 'nope'
        cluster_type: { name: nope }
        ---
        ok
        lb_policy: CLUSTER_PROVIDED
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig, clusters: [a] } }
        ---
        cluster_type.typed_config.clusters: must
        lb_policy: CLUSTER_PROVIDED
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig, clusters: [] } }
        ---
        ok
        lb_policy: CLUSTER_PROVIDED
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: { name: d } } }
        ---
        cluster_type.typed_config: dynamic_forward_proxy cluster must have auto_sni and auto_san_validation true unless
        lb_policy: CLUSTER_PROVIDED
        upstream_http_protocol_options: { auto_sni: true }
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: { name: d } } }
        ---
        cluster_type.typed_config: dynamic_forward_proxy cluster must have auto_sni and auto_san_validation true unless
        lb_policy: CLUSTER_PROVIDED
        typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: { "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: { http_protocol_options: {} } } }
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: { name: d } } }
        ---
        ok
        lb_policy: CLUSTER_PROVIDED
        upstream_http_protocol_options: { auto_sni: true, auto_san_validation: true }
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: { name: d } } }
        ---
        ok
        lb_policy: CLUSTER_PROVIDED
        upstream_http_protocol_options: {}
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, allow_insecure_cluster_options: true, dns_cache_config: { name: d } } }
        ---
        cluster_type.typed_config.dns_cache_config.name: must
        lb_policy: CLUSTER_PROVIDED
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: {} } }
        ---
        cluster_type.typed_config.sub_clusters_config: not supported
        lb_policy: CLUSTER_PROVIDED
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, sub_clusters_config: {} } }
        ---
        cluster manager: cluster provided LB not specified but cluster 'c' provided one.
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig, clusters: [a] } }
        ---
        cluster_type.typed_config: Didn't find a registered cluster factory implementation for type: 'google.protobuf.StringValue'
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: x } }
        ---
        dns_failure_refresh_rate must have max_interval greater than or equal to the base_interval
        type: STRICT_DNS
        dns_failure_refresh_rate: { base_interval: 5s, max_interval: 1s }
        ---
        ok
        type: STRICT_DNS
        typed_dns_resolver_config: { name: x, typed_config: { "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.hickory.v3.HickoryDnsResolverConfig } }
        ---
        typed_dns_resolver_config.typed_config.dns_over_tls: not supported
        type: STRICT_DNS
        typed_dns_resolver_config: { name: x, typed_config: { "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.hickory.v3.HickoryDnsResolverConfig, dns_over_tls: { tls_server_name: a } } }
        ---
        typed_dns_resolver_config: Didn't find a registered implementation for 'x' with type URL: 'envoy.extensions.network.dns_resolver.apple.v3.AppleDnsResolverConfig'
        type: STRICT_DNS
        typed_dns_resolver_config: { name: x, typed_config: { "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.apple.v3.AppleDnsResolverConfig } }
        ---
        ok
        upstream_bind_config: { local_address_selector: { name: x, typed_config: { "@type": type.googleapis.com/envoy.config.upstream.local_address_selector.v3.DefaultLocalAddressSelector } } }
        ---
        ok
        lb_policy: CLUSTER_PROVIDED
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.original_dst.v3.OriginalDstCluster, upstream_port_override: 80 } }
        ---
        cluster_type.typed_config: ORIGINAL_DST cluster: invalid config http_header_name=x
        lb_policy: CLUSTER_PROVIDED
        cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.original_dst.v3.OriginalDstCluster, http_header_name: x } }
        ---
        transport_socket_matcher: not supported
        transport_socket_matcher: {}
        ---
        queuing_policies: not supported
        queuing_policies: {}
        ---
        preconnect_policy.per_upstream_preconnect_ratio: must
        preconnect_policy: { per_upstream_preconnect_ratio: 4 }
        ---
        upstream_connection_options.happy_eyeballs_config.first_address_family_count: must
        upstream_connection_options: { happy_eyeballs_config: { first_address_family_count: 0 } }
        ---
        cleanup_interval: must
        cleanup_interval: 0s
        ---
        typed_dns_resolver_config: Didn't find a registered implementation for 'x' with type URL: 'google.protobuf.StringValue'
        type: STRICT_DNS
        typed_dns_resolver_config: { name: x, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: x } }
        ---
        upstream_bind_config: Cluster c's upstream binding config has two same IP version source
        upstream_bind_config:
          source_address: { address: 1.2.3.4, port_value: 0 }
          extra_source_addresses: [{ address: { address: 1.2.3.5, port_value: 0 } }]
        ---
        upstream_bind_config: Cluster c's upstream binding config has extra/additional source
        upstream_bind_config: { extra_source_addresses: [{ address: { address: "::1", port_value: 0 } }] }
        ---
        circuit_breakers.per_host_thresholds[0]: Unsupported field in per_host_thresholds
        circuit_breakers: { per_host_thresholds: [{ max_pending_requests: 1 }] }
        ---
        ok
        transport_socket: { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext } }
        ---
        transport_socket_matches[0].transport_socket.typed_config: Didn't find a registered implementation for '' with type URL: ''
        transport_socket_matches: [{ name: a }]
        ---
        typed_extension_protocol_options["foo.bar"]: Didn't find a registered network or http filter or protocol options implementation for name: 'foo.bar'
        typed_extension_protocol_options: { foo.bar: { "@type": type.googleapis.com/google.protobuf.StringValue, value: x } }
        ---
        ok
        typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: { "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: { http_protocol_options: {} } } }
        ---
        filters[0].typed_config: Didn't find a registered implementation for 'x' with type URL: ''
        filters: [{ name: x }]
        ---
        ok
        filters: [{ name: istio.metadata_exchange, typed_config: { "@type": type.googleapis.com/udpa.type.v1.TypedStruct, type_url: type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange } }]
        """);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void verdicts(String verdict, String yaml) {
    Wire.assertVerdict(verdict, problems(yaml));
  }
}
