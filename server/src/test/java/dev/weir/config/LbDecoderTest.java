package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.config.LbConfig.Common;
import dev.weir.config.LbConfig.Hashing;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.SlowStart;
import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.config.LbConfig.SubsetConfig.Selector;
import dev.weir.config.LbConfig.SubsetConfig.SubsetOptions;
import dev.weir.config.LbConfig.ZoneAware;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LbDecoderTest {
  private static final String EXT = "type.googleapis.com/envoy.extensions.load_balancing_policies";

  /// One entry of `policies`, from the package's last name, the message and its fields.
  private static String policy(String kind, String message, String fields) {
    return """
    - typed_extension_config:
        name: %s
        typed_config: { "@type": %s.%s.v3.%s, %s }
    """
        .formatted(kind, EXT, kind, message, fields);
  }

  private static String typed(String... policies) {
    return "load_balancing_policy:\n  policies:\n" + Tables.indent(2, String.join("", policies));
  }

  private static LbConfig decode(String yaml) {
    return ClusterDecoderTest.decode(yaml).lb();
  }

  @Test
  void thePlainestHasTheDefaults() {
    assertEquals(
        new LbConfig(
            new Policy.RoundRobin(null),
            null,
            new Common(50, false, ZoneAware.DEFAULT, Duration.ofSeconds(1), false, false)),
        decode(""));
  }

  static Stream<Arguments> policies() {
    var slow = new SlowStart(Duration.ofSeconds(60), 2, 10);
    var yamlSlow =
        "slow_start_config: { slow_start_window: 60s,"
            + " aggression: { default_value: 2, runtime_key: k } }";
    return Stream.of(
        Arguments.of("round_robin_lb_config: { " + yamlSlow + " }\n", new Policy.RoundRobin(slow)),
        Arguments.of(
            typed(policy("round_robin", "RoundRobin", yamlSlow)), new Policy.RoundRobin(slow)),
        Arguments.of(
            """
            lb_policy: LEAST_REQUEST
            least_request_lb_config:
              choice_count: 3
              active_request_bias: { default_value: -1, runtime_key: k }
            """,
            new Policy.LeastRequest(3, 0, false, null)),
        Arguments.of(
            typed(policy("least_request", "LeastRequest", "selection_method: FULL_SCAN")),
            new Policy.LeastRequest(2, 1, true, null)),
        Arguments.of("lb_policy: RANDOM\n", new Policy.Random()),
        Arguments.of(typed(policy("random", "Random", "")), new Policy.Random()),
        Arguments.of(
            """
            type: STRICT_DNS
            lb_policy: RING_HASH
            ring_hash_lb_config: { minimum_ring_size: 5, hash_function: MURMUR_HASH_2 }
            common_lb_config:
              consistent_hashing_lb_config:
                use_hostname_for_hashing: true
                hash_balance_factor: 125
            """,
            new Policy.RingHash(5, 8 * 1024 * 1024, true, new Hashing(true, 125))),
        Arguments.of(
            typed(
                policy(
                    "ring_hash",
                    "RingHash",
                    "maximum_ring_size: 2048, use_hostname_for_hashing: true")),
            new Policy.RingHash(1024, 2048, false, new Hashing(true, 0))),
        Arguments.of(
            "lb_policy: MAGLEV\nmaglev_lb_config: { table_size: 251 }\n",
            new Policy.Maglev(251, Hashing.DEFAULT)),
        Arguments.of(
            typed(
                policy(
                    "maglev",
                    "Maglev",
                    "consistent_hashing_lb_config: { hash_balance_factor: 100 }")),
            new Policy.Maglev(65_537, new Hashing(false, 100))),
        Arguments.of(
            typed(policy("client_side_weighted_round_robin", "ClientSideWeightedRoundRobin", "")),
            new Policy.RoundRobin(null)),
        Arguments.of(
            typed(policy("pick_first", "PickFirst", ""), policy("random", "Random", "")),
            new Policy.Random()),
        Arguments.of(
            "lb_policy: RING_HASH\n" + typed(policy("random", "Random", "")), new Policy.Random()));
  }

  @ParameterizedTest
  @MethodSource
  void policies(String yaml, Policy expected) {
    assertEquals(expected, decode(yaml).policy());
  }

  @Test
  void aTypedPolicyBringsItsOwnLocalityRules() {
    var weighted = "locality_lb_config: { locality_weighted_lb_config: {} }";
    var common = decode(typed(policy("round_robin", "RoundRobin", weighted))).common();
    assertEquals(true, common.localityWeighted());
    assertEquals(ZoneAware.DEFAULT, common.zoneAware());
    var zones =
        "locality_lb_config: { zone_aware_lb_config: { routing_enabled: { value: 7 },"
            + " force_local_zone: { min_size: 3 }, locality_basis: HEALTHY_HOSTS_WEIGHT } }";
    assertEquals(
        new ZoneAware(7, 6, false, 3, true),
        decode(typed(policy("random", "Random", zones))).common().zoneAware());
  }

  @Test
  void aWrappedPolicyIsTheOneInside() {
    var inner =
        "{ policies: [{ typed_extension_config: { name: i, typed_config: { \"@type\":"
            + " %s.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin } } }] }"
                .formatted(EXT);
    var wrr =
        decode(typed(policy("wrr_locality", "WrrLocality", "endpoint_picking_policy: " + inner)));
    assertEquals(new Policy.RoundRobin(null), wrr.policy());
    assertEquals(true, wrr.common().localityWeighted());
    var override =
        decode(
            typed(
                policy(
                    "override_host",
                    "OverrideHost",
                    "override_host_sources: [{ header: h }], fallback_policy: " + inner)));
    assertEquals(new Policy.RoundRobin(null), override.policy());
  }

  @Test
  void subsetsAreReadAlikeInBothForms() {
    var fields =
        """
        fallback_policy: DEFAULT_SUBSET
        default_subset: { env: taobao }
        subset_selectors:
        - { keys: [b, a, b], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [b] }
        - { keys: [] }
        - { keys: [a], single_host_per_subset: true }
        panic_mode_any: true
        list_as_any: true
        metadata_fallback_policy: FALLBACK_LIST
        """;
    var expected =
        new SubsetConfig(
            Fallback.DEFAULT_SUBSET,
            new SubsetMatch(Map.of("env", new MetadataValue.Text("taobao"))),
            List.of(
                new Selector(List.of("a", "b"), Fallback.KEYS_SUBSET, List.of("b"), false),
                new Selector(List.of("a"), null, List.of(), true)),
            new SubsetOptions(false, false, true, true, true, false));
    assertEquals(expected, decode("lb_subset_config:\n" + Tables.indent(2, fields)).subsets());
    var typed =
        """
        load_balancing_policy:
          policies:
          - typed_extension_config:
              name: s
              typed_config:
                "@type": %s.subset.v3.Subset
                subset_lb_policy:
                  policies:
                  - typed_extension_config:
                      name: r
                      typed_config: { "@type": %s.random.v3.Random }
        """
            .formatted(EXT, EXT);
    var lb = decode(typed + Tables.indent(8, fields));
    assertEquals(expected, lb.subsets());
    assertEquals(new Policy.Random(), lb.policy());
  }

  @Test
  void aSelectorWithoutKeysPutsTheFallbackInForce() {
    var subsets = decode("lb_subset_config: { subset_selectors: [{ keys: [] }] }\n").subsets();
    assertEquals(
        new SubsetConfig(
            Fallback.NO_FALLBACK,
            SubsetMatch.NONE,
            List.of(),
            new SubsetOptions(false, false, false, false, false, false)),
        subsets);
    assertNull(decode("lb_subset_config: { fallback_policy: ANY_ENDPOINT }\n").subsets());
  }

  static Stream<Arguments> verdicts() {
    var inner =
        "policies: [{ typed_extension_config: { name: i, typed_config: { \"@type\":"
            + " EXT.random.v3.Random } } }]";
    return Tables.cases(
        """
        cluster: field load_balancing_policy need to be set
        lb_policy: LOAD_BALANCING_POLICY_CONFIG
        ---
        cluster manager: cluster provided LB specified but cluster 'c' did not provide one.
        lb_policy: CLUSTER_PROVIDED
        ---
        cluster: LB policy CLUSTER_PROVIDED cannot be combined with lb_subset_config
        lb_policy: CLUSTER_PROVIDED
        lb_subset_config: { subset_selectors: [{ keys: [a] }] }
        ---
        ring_hash_lb_config: ring hash: minimum_ring_size (2000) > maximum_ring_size (1000)
        lb_policy: RING_HASH
        ring_hash_lb_config: { minimum_ring_size: 2000, maximum_ring_size: 1000 }
        ---
        common_lb_config.consistent_hashing_lb_config.use_hostname_for_hashing: Cannot use hostname for consistent hashing loadbalancing
        lb_policy: RING_HASH
        common_lb_config: { consistent_hashing_lb_config: { use_hostname_for_hashing: true } }
        ---
        maglev_lb_config.table_size: The table size of maglev must be prime number
        lb_policy: MAGLEV
        maglev_lb_config: { table_size: 100 }
        ---
        maglev_lb_config.table_size: The table size of maglev must be prime number
        lb_policy: MAGLEV
        maglev_lb_config: { table_size: 1 }
        ---
        ok
        ring_hash_lb_config: { minimum_ring_size: 1024 }
        ---
        lb_subset_config.subset_selectors[0]: fallback_keys_subset cannot be empty
        lb_subset_config: { subset_selectors: [{ keys: [a], fallback_policy: KEYS_SUBSET }] }
        ---
        lb_subset_config.subset_selectors[0]: fallback_keys_subset cannot be equal to keys
        lb_subset_config: { subset_selectors: [{ keys: [a], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [a] }] }
        ---
        lb_subset_config.subset_selectors[0]: fallback_keys_subset must be a subset of selector keys
        lb_subset_config: { subset_selectors: [{ keys: [a, c], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [b] }] }
        ---
        lb_subset_config.subset_selectors[0]: fallback_keys_subset can be set only for KEYS_SUBSET
        lb_subset_config: { subset_selectors: [{ keys: [a, c], fallback_keys_subset: [a] }] }
        ---
        Locality weight aware subset LB requires that a locality_weighted_lb_config be set in c
        lb_subset_config: { locality_weight_aware: true, subset_selectors: [{ keys: [a] }] }
        ---
        load_balancing_policy: cluster: didn't find a registered load balancer factory implementation for cluster: 'c' with names from [nope]
        load_balancing_policy: { policies: [{ typed_extension_config: { name: nope, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: x } } }] }
        ---
        cluster: load_balancing_policy cannot be combined with lb_subset_config
        lb_subset_config: { subset_selectors: [{ keys: [a] }] }
        load_balancing_policy: { INNER }
        ---
        cluster: load_balancing_policy cannot be combined with partial fields
        common_lb_config: { locality_weighted_lb_config: {} }
        load_balancing_policy: { INNER }
        ---
        ok
        common_lb_config: { healthy_panic_threshold: { value: 0 } }
        load_balancing_policy: { INNER }
        ---
        load_balancing_policy.policies[0].typed_extension_config.typed_config: Currently WrrLocalityLoadBalancer only supports
        load_balancing_policy: { policies: [{ typed_extension_config: { name: w, typed_config: { "@type": EXT.wrr_locality.v3.WrrLocality, endpoint_picking_policy: { INNER } } } }] }
        ---
        load_balancing_policy.policies[0].typed_extension_config.typed_config.override_host_sources[0]: Empty override source
        load_balancing_policy: { policies: [{ typed_extension_config: { name: w, typed_config: { "@type": EXT.override_host.v3.OverrideHost, override_host_sources: [{}], fallback_policy: { INNER } } } }] }
        """
            .replace("INNER", inner)
            .replace("EXT", EXT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void verdicts(String verdict, String yaml) {
    Wire.assertVerdict(verdict, ClusterDecoderTest.problems(yaml));
  }
}
