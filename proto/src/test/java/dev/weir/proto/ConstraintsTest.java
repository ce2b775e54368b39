package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.metrics.v3.StatsConfig;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rules in the messages of the API: which are checked, and where. Each kind of rule is in
/// [ConstraintKindsTest].
class ConstraintsTest {
  /// All refused by Envoy 1.40.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {cluster: c}                             | stat_prefix: must not be empty (got '')
          {stat_prefix: a}                         | cluster_specifier: one of cluster, weighted_clusters is required
          {stat_prefix: a, cluster: ""}            | ``
          {stat_prefix: a, weighted_clusters: {}}  | weighted_clusters.clusters: must have at least 1 item (got 0)
          {stat_prefix: a, weighted_clusters: {clusters: [{name: x, weight: 1}, {name: x}]}} | weighted_clusters.clusters[1].weight: must be ≥ 1 (got 0)
          {stat_prefix: a, weighted_clusters: {clusters: [{weight: 4294967295}]}} | weighted_clusters.clusters[0].name: must not be empty (got '')
          {stat_prefix: a, cluster: c, max_connect_attempts: 0} | max_connect_attempts: must be ≥ 1 (got 0)
          {stat_prefix: a, cluster: c, max_connect_attempts: 4294967295} | ``
          {stat_prefix: a, cluster: c, max_downstream_connection_duration: 0s} | max_downstream_connection_duration: must be ≥ 0.001s (got 0s)
          {stat_prefix: a, cluster: c, max_downstream_connection_duration: 0.001s} | ``
          {stat_prefix: a, cluster: c, max_downstream_connection_duration: -1s} | max_downstream_connection_duration: must be ≥ 0.001s (got -1s)
          {stat_prefix: a, cluster: c, idle_timeout: -1s} | idle_timeout: must be a duration ≥ 0s (got -1s)
          {stat_prefix: a, cluster: c, idle_timeout: {seconds: 1, nanos: -1}} | idle_timeout: must be a duration ≥ 0s (got 0.999999999s)
          {stat_prefix: a, cluster: c, hash_policy: [{}]} | hash_policy[0].policy_specifier: one of source_ip, filter_state is required
          {stat_prefix: a, cluster: c, hash_policy: [{source_ip: {}}, {source_ip: {}}]} | hash_policy: must have at most 1 item (got 2)
          {stat_prefix: a, cluster: c, tunneling_config: {use_post: true}} | tunneling_config.hostname: must not be empty (got '')
          {stat_prefix: a, cluster: c, proxy_protocol_tlvs: [{type: 256, value: aGk=}]} | proxy_protocol_tlvs[0].type: must be < 256 (got 256)
          {stat_prefix: a, cluster: c, upstream_connect_mode: 3} | upstream_connect_mode: must be a value of UpstreamConnectMode (got 3)
          {stat_prefix: a, cluster: c, max_early_data_bytes: 1048577} | max_early_data_bytes: must be ≤ 1048576 (got 1048577)
          """)
  void aTcpProxyIsChecked(String yaml, String broken) throws Exception {
    assertEquals(broken, broken(Read.yaml(yaml, TcpProxy.getDefaultInstance())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {name: c, connect_timeout: 0s}   | connect_timeout: must be > 0s (got 0s)
          {name: c, connect_timeout: -1s}  | connect_timeout: must be > 0s (got -1s)
          {name: c, type: 99}              | type: must be a value of DiscoveryType (got 99)
          {name: c, lb_policy: 4}          | lb_policy: must be a value of LbPolicy (got 4)
          {name: c, load_assignment: {}}   | load_assignment.cluster_name: must not be empty (got '')
          {name: c, ring_hash_lb_config: {minimum_ring_size: 8388609}} | ring_hash_lb_config.minimum_ring_size: must be ≤ 8388608 (got 8388609)
          {name: c, preconnect_policy: {per_upstream_preconnect_ratio: 3.5}} | preconnect_policy.per_upstream_preconnect_ratio: must be ≥ 1.0 and ≤ 3.0 (got 3.5)
          {name: c, health_checks: [null]} | health_checks[0].timeout: is required; health_checks[0].interval: is required; health_checks[0].unhealthy_threshold: is required; health_checks[0].healthy_threshold: is required; health_checks[0].health_checker: one of http_health_check, tcp_health_check, grpc_health_check, custom_health_check is required
          {name: c, per_connection_buffer_high_watermark_timeout: -1s} | per_connection_buffer_high_watermark_timeout: must be ≥ 0s (got -1s)
          {name: c, metadata: {filter_metadata: {"": {}}}} | metadata.filter_metadata[""]: must not be empty (got '')
          {name: c, metadata: {typed_filter_metadata: {a: {"@type": x/envoy.type.v3.Percent, value: 101}}}} | metadata.typed_filter_metadata["a"].value: must be ≥ 0.0 and ≤ 100.0 (got 101.0)
          {name: c, metadata: {typed_filter_metadata: {a: {"@type": x/google.protobuf.Any, value: {"@type": x/envoy.type.v3.Percent, value: -1}}}}} | metadata.typed_filter_metadata["a"].value: must be ≥ 0.0 and ≤ 100.0 (got -1.0)
          {name: c, load_balancing_policy: {policies: [{typed_extension_config: {name: x, typed_config: {"@type": x/envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost}}}]}} | load_balancing_policy.policies[0].typed_extension_config.typed_config.override_host_sources: must have at least 1 item (got 0); load_balancing_policy.policies[0].typed_extension_config.typed_config.fallback_policy: is required
          """)
  void aClusterIsCheckedWithAllInsideIt(String yaml, String broken) throws Exception {
    assertEquals(broken, broken(Read.yaml(yaml, Cluster.getDefaultInstance())));
  }

  @Test
  void pathsBeginWithTheRoot() {
    var bootstrap =
        Read.valid(
            "{static_resources: {listeners: [{address: {socket_address: {address: a}}}]}}",
            Bootstrap.getDefaultInstance());
    assertEquals(
        "static_resources.listeners[0].address.socket_address.port_specifier:"
            + " one of port_value, named_port is required",
        broken(bootstrap));
    assertEquals(
        "listener 'x'.stat: must not be empty",
        new Violation("listener 'x'.stat", "must not be empty").toString());
    assertEquals(
        "root.address.socket_address.port_specifier",
        Constraints.check(bootstrap.getStaticResources().getListeners(0), "root")
            .getFirst()
            .path());
  }

  @Test
  void aMessageInAChoiceIsRequiredOnlyOnceItIsChosen() {
    var rbac =
        Read.valid(
            """
            policies:
              p:
                permissions: [{any: true}]
                principals: [{header: {name: x, present_match: true}}]
            """,
            RBAC.getDefaultInstance());
    assertEquals("", broken(rbac));
  }

  @Test
  void aChoiceThatIsNewerThanTheApiCounts() {
    var listener =
        Read.valid(
            "{connection_balance_config: {cpu_locality_balance: {}}}",
            Listener.getDefaultInstance());
    assertEquals("", broken(listener));
    assertEquals(
        "connection_balance_config.balance_type:"
            + " one of exact_balance, extend_balance is required",
        broken(Read.valid("{connection_balance_config: {}}", Listener.getDefaultInstance())));
  }

  @Test
  void messagesInMessagesOfTheirOwnKindAreChecked() {
    var rbac =
        Read.valid(
            """
            policies:
              p:
                principals: [{any: true}]
                permissions:
                - not_rule: {and_rules: {rules: [{or_rules: {rules: [{destination_port: 65536}]}}]}}
            """,
            RBAC.getDefaultInstance());
    assertEquals(
        "policies[\"p\"].permissions[0].not_rule.and_rules.rules[0].or_rules.rules[0]"
            + ".destination_port: must be ≤ 65535 (got 65536)",
        broken(rbac));
  }

  @Test
  void anUnknownOrBrokenAnyIsLeftToWhoeverDecodesIt() {
    var unknown = Any.newBuilder().setTypeUrl("x/no.such.Type").build();
    var broken =
        Any.pack(StatsConfig.getDefaultInstance()).toBuilder()
            .setValue(com.google.protobuf.ByteString.copyFrom(new byte[] {10, 127}))
            .build();
    assertEquals("", broken(unknown));
    assertEquals("", broken(broken));
  }

  private static String broken(Message message) {
    return Constraints.check(message, "").stream()
        .map(Violation::toString)
        .collect(Collectors.joining("; "));
  }
}
