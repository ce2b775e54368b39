package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SubsetWarningsTest {

  static Stream<Arguments> warnings() {
    return Tables.cases(
        """
        lb_subset_config: has no effect without subset_selectors
        lb_subset_config: { fallback_policy: ANY_ENDPOINT }
        ---
        lb_subset_config.default_subset: is empty, so that DEFAULT_SUBSET means ANY_ENDPOINT
        lb_subset_config: { fallback_policy: DEFAULT_SUBSET, subset_selectors: [{ keys: [a] }] }
        ---
        lb_subset_config.default_subset: has no effect, as no fallback_policy is DEFAULT_SUBSET
        lb_subset_config: { fallback_policy: ANY_ENDPOINT, default_subset: { a: b }, subset_selectors: [{ keys: [a] }] }
        ---
        none
        lb_subset_config: { default_subset: { a: b }, subset_selectors: [{ keys: [a], fallback_policy: DEFAULT_SUBSET }] }
        ---
        lb_subset_config.panic_mode_any: has no effect without a fallback_policy
        lb_subset_config: { panic_mode_any: true, subset_selectors: [{ keys: [a] }] }
        ---
        lb_subset_config.scale_locality_weight: has no effect
        lb_subset_config: { scale_locality_weight: true, subset_selectors: [{ keys: [a] }] }
        ---
        lb_subset_config.subset_selectors[0].keys: are empty: the selector selects nothing
        lb_subset_config: { subset_selectors: [{ keys: [] }] }
        ---
        lb_subset_config.subset_selectors[1]: has no effect, as subset_selectors[0] has the same keys
        lb_subset_config: { subset_selectors: [{ keys: [a, b] }, { keys: [b, a], fallback_policy: ANY_ENDPOINT }] }
        ---
        lb_subset_config.subset_selectors[1].fallback_policy: applies, other than in Envoy, which ignores it as the keys of subset_selectors[0] begin with these
        lb_subset_config: { subset_selectors: [{ keys: [b, a] }, { keys: [a], fallback_policy: ANY_ENDPOINT }] }
        ---
        none
        lb_subset_config: { subset_selectors: [{ keys: [a], fallback_policy: ANY_ENDPOINT }, { keys: [b, a] }] }
        ---
        none
        lb_subset_config: { subset_selectors: [{ keys: [a, b] }, { keys: [b], fallback_policy: ANY_ENDPOINT }] }
        ---
        lb_subset_config.subset_selectors[0].fallback_keys_subset: are the keys of no selector, so that the common fallback_policy applies
        lb_subset_config: { subset_selectors: [{ keys: [a, b], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [a] }] }
        ---
        lb_subset_config.subset_selectors[0].keys: fallback_list is never asked for, as metadata_fallback_policy reads it
        lb_subset_config: { metadata_fallback_policy: FALLBACK_LIST, subset_selectors: [{ keys: [fallback_list] }] }
        ---
        maglev_lb_config: has no effect, as lb_policy is ROUND_ROBIN
        maglev_lb_config: { table_size: 251 }
        ---
        load_balancing_policy.policies[0].typed_extension_config.typed_config.subset_selectors[0].fallback_policy: applies, other than in Envoy, which ignores it as the keys of subset_selectors[1] begin with these
        load_balancing_policy: { policies: [{ typed_extension_config: { name: s, typed_config: {
          "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.subset.v3.Subset,
          allow_redundant_keys: true,
          subset_selectors: [{ keys: [a], fallback_policy: ANY_ENDPOINT }, { keys: [a, b] }],
          subset_lb_policy: { policies: [{ typed_extension_config: { name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.random.v3.Random } } }] } } } }] }
        """);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void warnings(String expected, String yaml) {
    assertEquals(
        expected.equals("none") ? List.of() : List.of(expected), ClusterDecoderTest.warnings(yaml));
  }
}
