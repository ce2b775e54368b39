package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.Message;
import dev.weir.proto.OnUnknown;
import dev.weir.xds.InvalidResourceException;
import dev.weir.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import org.junit.jupiter.api.Test;

/// Whatever is wrong with a message, a decoder says so and does nothing else.
class DecoderMutationTest {
  private static final int COUNT = 500;
  private static final Resources RESOURCES = Resources.of(OnUnknown.WARN);

  private static <M extends Message> void mutate(
      ResourceType<M, ? extends Checked<?>> type, M valid) {
    Mutations.run(
        valid,
        COUNT,
        changed -> {
          try {
            assertEquals(type.decoder().decode(changed), type.decoder().decode(changed));
          } catch (InvalidResourceException e) {
            e.problems().forEach(problem -> assertFalse(problem.isBlank()));
          }
        });
  }

  @Test
  void listeners() {
    mutate(
        RESOURCES.listeners(),
        Wire.parse(
            """
            name: l
            address: { socket_address: { address: "::", port_value: 1, ipv4_compat: true } }
            additional_addresses:
            - address: { pipe: { path: /tmp/x } }
              socket_options: { socket_options: [{ level: 1, name: 2, int_value: 3 }] }
            listener_filters:
            - name: t
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector
                max_client_hello_size: 1024
            listener_filters_timeout: 1s
            access_log:
            - name: f
              filter: { and_filter: { filters: [{ response_flag_filter: {} }, { duration_filter: { comparison: { value: { default_value: 1 } } } }] } }
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                path: /dev/null
                log_format: { json_format: { a: "%START_TIME%", b: { c: 1 } } }
            filter_chains:
            - name: A
              filter_chain_match:
                server_names: ["*.example.com", a.b]
                prefix_ranges: [{ address_prefix: 10.0.0.0, prefix_len: 8 }]
                source_prefix_ranges: [{ address_prefix: "2001:db8::", prefix_len: 32 }]
                source_ports: [1, 2]
              filters:
              - name: p
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                  stat_prefix: s
                  weighted_clusters:
                    clusters:
                    - { name: a, weight: 1, metadata_match: { filter_metadata: { envoy.lb: { a: [1, { b: ~ }] } } } }
                    - { name: b, weight: 2 }
                  idle_timeout: 1s
                  backoff_options: { base_interval: 1s, max_interval: 2s }
                  hash_policy: [{ source_ip: {} }]
                  access_log_options: { flush_access_log_on_connected: true }
                  proxy_protocol_tlvs: [{ type: 1, value: YQ== }]
                  upstream_connect_mode: ON_DOWNSTREAM_DATA
                  max_early_data_bytes: 5
            default_filter_chain:
              filters:
              - name: e
                typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo }
            socket_options: [{ level: 1, name: 2, buf_value: YQ== }]
            tcp_keepalive: { keepalive_time: 5 }
            """,
            Listener.getDefaultInstance()));
  }

  @Test
  void clusters() {
    mutate(
        RESOURCES.clusters(),
        Wire.parse(
            """
            name: c
            type: STRICT_DNS
            connect_timeout: 1s
            dns_failure_refresh_rate: { base_interval: 1s, max_interval: 2s }
            typed_dns_resolver_config:
              name: r
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig
                resolvers: [{ socket_address: { address: 1.2.3.4, port_value: 53 } }]
            load_assignment:
              cluster_name: c
              endpoints:
              - locality: { zone: z }
                priority: 1
                lb_endpoints:
                - endpoint:
                    address: { socket_address: { address: h, port_value: 1 } }
                    health_check_config: { port_value: 2 }
                  metadata: { filter_metadata: { envoy.lb: { env: [a, b] } } }
              policy: { overprovisioning_factor: 100, drop_overloads: [{ category: a }] }
            lb_subset_config:
              fallback_policy: DEFAULT_SUBSET
              default_subset: { env: a }
              subset_selectors: [{ keys: [a, b], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [a] }]
            round_robin_lb_config: { slow_start_config: { slow_start_window: 5s, aggression: { default_value: 2 } } }
            common_lb_config: { zone_aware_lb_config: { min_cluster_size: 3 } }
            health_checks:
            - timeout: 1s
              interval: 1s
              unhealthy_threshold: 1
              healthy_threshold: 1
              http_health_check: { path: /, expected_statuses: [{ start: 200, end: 300 }], service_name_matcher: { safe_regex: { regex: a } } }
            outlier_detection: { base_ejection_time: 5s, max_ejection_time: 9s }
            circuit_breakers: { thresholds: [{ max_connections: 1 }], per_host_thresholds: [{ max_connections: 1 }] }
            upstream_bind_config:
              source_address: { address: 127.0.0.1, port_value: 0 }
              extra_source_addresses: [{ address: { address: "::1", port_value: 0 } }]
            upstream_connection_options: { tcp_keepalive: {}, happy_eyeballs_config: { first_address_family_count: 2 } }
            transport_socket:
              name: r
              typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer }
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: { http2_protocol_options: {} }
            """,
            Cluster.getDefaultInstance()));
  }

  @Test
  void clustersWithATypedPolicy() {
    var ext = "type.googleapis.com/envoy.extensions.load_balancing_policies";
    mutate(
        RESOURCES.clusters(),
        Wire.parse(
            """
            name: c
            type: EDS
            eds_cluster_config:
              eds_config:
                api_config_source:
                  api_type: GRPC
                  grpc_services:
                  - envoy_grpc: { cluster_name: x, retry_policy: { retry_back_off: { base_interval: 1s } } }
                    initial_metadata: [{ key: a, value: b }]
                  rate_limit_settings: { max_tokens: 5, fill_rate: 2 }
            load_balancing_policy:
              policies:
              - typed_extension_config:
                  name: s
                  typed_config:
                    "@type": EXT.subset.v3.Subset
                    subset_selectors: [{ keys: [a] }]
                    subset_lb_policy:
                      policies:
                      - typed_extension_config:
                          name: o
                          typed_config:
                            "@type": EXT.override_host.v3.OverrideHost
                            override_host_sources: [{ header: h }]
                            fallback_policy:
                              policies:
                              - typed_extension_config:
                                  name: m
                                  typed_config:
                                    "@type": EXT.maglev.v3.Maglev
                                    table_size: 251
                                    consistent_hashing_lb_config: { hash_balance_factor: 125 }
              - typed_extension_config:
                  name: l
                  typed_config:
                    "@type": EXT.least_request.v3.LeastRequest
                    slow_start_config: { slow_start_window: 5s }
                    locality_lb_config: { zone_aware_lb_config: { force_local_zone: { min_size: 2 } } }
            """
                .replace("EXT", ext),
            Cluster.getDefaultInstance()));
  }

  @Test
  void endpoints() {
    mutate(
        RESOURCES.endpoints(),
        Wire.parse(
            """
            cluster_name: c
            endpoints:
            - locality: { region: r }
              load_balancing_weight: 2
              lb_endpoints:
              - endpoint:
                  address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
                  additional_addresses: [{ address: { socket_address: { address: "::1", port_value: 1 } } }]
                  health_check_config: { address: { pipe: { path: /x } } }
                load_balancing_weight: 4
                health_status: DRAINING
            policy: { endpoint_stale_after: 9s, drop_overloads: [{ category: a, drop_percentage: { numerator: 5 } }] }
            """,
            ClusterLoadAssignment.getDefaultInstance()));
  }
}
