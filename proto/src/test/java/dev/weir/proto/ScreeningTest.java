package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import org.junit.jupiter.api.Test;

/// What control planes push passes the first look, and nothing that there is something to say
/// about. [EveryRuleTest] and [MutationTest] compare the first look with the second for far more
/// messages.
class ScreeningTest {
  private static final Cluster CLUSTER =
      Read.valid(
          """
          name: c
          type: EDS
          connect_timeout: 5s
          eds_cluster_config: {service_name: s, eds_config: {ads: {}, resource_api_version: V3}}
          lb_policy: LEAST_REQUEST
          circuit_breakers: {thresholds: [{max_connections: 5, track_remaining: true}]}
          outlier_detection: {consecutive_5xx: 3, base_ejection_time: 30s, max_ejection_percent: 50}
          per_connection_buffer_limit_bytes: 32768
          health_checks:
          - {timeout: 1s, interval: 5s, unhealthy_threshold: 2, healthy_threshold: 1, tcp_health_check: {}}
          metadata: {filter_metadata: {istio: {services: [{host: h, name: n, namespace: s}]}}}
          transport_socket:
            name: tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
              sni: a.b
              common_tls_context: {tls_params: {tls_minimum_protocol_version: TLSv1_2}}
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: {http2_protocol_options: {}}
          """,
          Cluster.getDefaultInstance());

  @Test
  void aUsualClusterPasses() {
    assertTrue(Screening.passes(CLUSTER));
  }

  @Test
  void soDoEndpointsAndListeners() {
    assertTrue(
        Screening.passes(
            Read.valid(
                """
                cluster_name: c
                endpoints:
                - locality: {region: r, zone: z}
                  load_balancing_weight: 3
                  priority: 1
                  lb_endpoints:
                  - health_status: DRAINING
                    load_balancing_weight: 2
                    endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 80}}}
                    metadata: {filter_metadata: {envoy.lb: {a: b, n: 1.5, t: [true, null]}}}
                policy: {overprovisioning_factor: 140}
                """,
                ClusterLoadAssignment.getDefaultInstance())));
    assertTrue(
        Screening.passes(
            Read.valid(
                """
                name: l
                address: {socket_address: {address: 0.0.0.0, port_value: 80}}
                filter_chains:
                - filter_chain_match: {server_names: [a.b], prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}
                  filters:
                  - name: tcp
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: a
                      weighted_clusters: {clusters: [{name: c, weight: 1}]}
                      idle_timeout: 3600s
                """,
                Listener.getDefaultInstance())));
  }

  @Test
  void aBrokenRuleDoesNotPass() {
    assertFalse(Screening.passes(CLUSTER.toBuilder().clearName().build()));
    var negative = Duration.newBuilder().setSeconds(-1);
    assertFalse(Screening.passes(CLUSTER.toBuilder().setConnectTimeout(negative).build()));
    var check = CLUSTER.getHealthChecks(0).toBuilder().clearTcpHealthCheck();
    assertFalse(Screening.passes(CLUSTER.toBuilder().setHealthChecks(0, check).build()));
  }

  @Test
  @SuppressWarnings("deprecation") // it is the test's point
  void whatIsDeprecatedOrUnknownDoesNotPass() {
    assertFalse(
        Screening.passes(
            CLUSTER.toBuilder()
                .setProtocolSelection(Cluster.ClusterProtocolSelection.USE_DOWNSTREAM_PROTOCOL)
                .build()));
    assertFalse(Screening.passes(CLUSTER.toBuilder().setLbPolicyValue(99).build()));
    var unknown =
        UnknownFieldSet.newBuilder()
            .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    assertFalse(Screening.passes(CLUSTER.toBuilder().setUnknownFields(unknown).build()));
  }

  @Test
  void norDoesAnAnyThatCannotBeRead() {
    var metadata = CLUSTER.getMetadata().toBuilder();
    metadata.putTypedFilterMetadata("x", Any.newBuilder().setTypeUrl("a/no.such.Type").build());
    assertFalse(Screening.passes(CLUSTER.toBuilder().setMetadata(metadata).build()));
    var cut = Any.pack(Metadata.getDefaultInstance()).toBuilder();
    cut.setValue(ByteString.copyFrom(new byte[] {10, 50, 1}));
    metadata.putTypedFilterMetadata("x", cut.build());
    assertFalse(Screening.passes(CLUSTER.toBuilder().setMetadata(metadata).build()));
  }
}
