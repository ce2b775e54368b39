package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What there is to be read on `/stats` of clusters that use everything: the names have to be
/// Envoy's, from the beginning on and not only once something is counted.
class StatNamesComparisonTest {
  /// What `docs/differences.md` says that we do not have: the HTTP/1 codec's own counters, and what
  /// `track_cluster_stats` asks for.
  private static final String NOT_OURS =
      ".*\\.(http1\\..*|upstream_r[qs]_(body_size|headers_count|headers_size)"
          + "|upstream_rq_timeout_budget_.*)";

  /// The counters for each selector, which Envoy does not have.
  private static final String OURS = "subset_selector\\..*";

  private static final String BOOTSTRAP =
      """
      node: { id: lab, cluster: lab }
      cluster_manager: { local_cluster_name: plain }
      static_resources:
        clusters:
        - { name: plain, load_assignment: &hosts { cluster_name: any, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1 } } } }] }] } }
        - name: full
          alt_stat_name: other
          lb_policy: RING_HASH
          load_assignment:
            cluster_name: full
            endpoints:
            - locality: { zone: a }
              lb_endpoints:
              - metadata: { filter_metadata: { envoy.lb: { stage: prod } } }
                endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1 } } }
          lb_subset_config: { fallback_policy: ANY_ENDPOINT, subset_selectors: [{ keys: [stage] }] }
          health_checks: [{ timeout: 1s, interval: 60s, unhealthy_threshold: 1, healthy_threshold: 1, tcp_health_check: {} }]
          outlier_detection: { detect_degraded_hosts: true }
          circuit_breakers:
            thresholds: [{ track_remaining: true, retry_budget: {} }, { priority: HIGH, track_remaining: true }]
            per_host_thresholds: [{ max_connections: 5 }]
          transport_socket_matches:
          - name: secure
            match: { secure: "yes" }
            transport_socket: { name: tls, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext } }
          transport_socket:
            name: proxy
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport
              config: { version: V1 }
              transport_socket: { name: raw, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer } }
          track_cluster_stats: { timeout_budgets: true, request_response_sizes: true }
          preconnect_policy: { per_upstream_preconnect_ratio: 1.5 }
        - { name: maglev, lb_policy: MAGLEV, load_assignment: *hosts }
        - { name: ring, lb_policy: RING_HASH, load_assignment: *hosts }
        - { name: strict, type: STRICT_DNS, load_assignment: *hosts }
        - { name: logical, type: LOGICAL_DNS, load_assignment: *hosts }
        - name: eds
          type: EDS
          eds_cluster_config: { eds_config: { path_config_source: { path: %s } } }
          health_checks:
          - { name: tcp, timeout: 1s, interval: 60s, unhealthy_threshold: 1, healthy_threshold: 1, tcp_health_check: {} }
          - { name: http, timeout: 1s, interval: 60s, unhealthy_threshold: 1, healthy_threshold: 1, http_health_check: { path: / } }
        - { name: original, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED }
        - name: aggregate
          lb_policy: CLUSTER_PROVIDED
          cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig, clusters: [plain, strict] } }
        - name: forward
          lb_policy: CLUSTER_PROVIDED
          cluster_type: { name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: { name: names } } }
        - name: tls
          load_assignment: *hosts
          transport_socket: { name: tls, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext } }
      """;

  private static final String ENDPOINTS =
      """
      resources:
      - "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
        cluster_name: eds
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1 } } } }] }]
      """;

  @Test
  void clustersHaveTheNamesThatTheyHaveOnEnvoy() throws IOException {
    var folder = Files.createTempDirectory(LabModule.target(), "names");
    var endpoints = Files.writeString(folder.resolve("endpoints.yaml"), ENDPOINTS);
    assertEquals(names(ProxyKind.ENVOY, endpoints), names(ProxyKind.WEIR, endpoints));
  }

  private static String names(ProxyKind kind, Path endpoints) throws IOException {
    try (var proxy = Proxy.start(kind, BOOTSTRAP.formatted(endpoints))) {
      return String.join(
          "\n", Await.until("all clusters", () -> names(proxy), StatNamesComparisonTest::complete));
    }
  }

  private static Set<String> names(Proxy proxy) throws IOException {
    var names = new TreeSet<String>();
    for (var line : proxy.get("/stats").lines().toList()) {
      var name = line.substring(0, line.indexOf(": "));
      if (name.matches("(cluster|cluster_manager|dns_cache|thread_local_cluster_manager)\\..*")
          && !name.matches(NOT_OURS)
          && !name.matches(OURS)) {
        names.add(name);
      }
    }
    return names;
  }

  /// Names of certificates and ciphers may come later; nothing here shakes hands.
  private static boolean complete(Set<String> names) {
    return names.contains("cluster.tls.membership_total")
        && names.contains("dns_cache.names.num_hosts");
  }
}
