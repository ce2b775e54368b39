package dev.weir.config;

import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Filters that ask services: what they cannot do is refused with its path.
class AskingFiltersDecoderTest {
  private static final String SERVICE = "{ envoy_grpc: { cluster_name: c } }";

  private static final String NETWORK =
      """
      ok
      { "@type": ext_authz.v3.ExtAuthz, stat_prefix: s, grpc_service: SERVICE }
      ---
      ok
      { "@type": ext_authz.v3.ExtAuthz, stat_prefix: s, grpc_service: SERVICE, send_tls_alert_on_denial: true, shadow_mode: true }
      ---
      filter_chains[0].filters[0].typed_config.stat_prefix: must
      { "@type": ext_authz.v3.ExtAuthz, grpc_service: SERVICE }
      ---
      filter_chains[0].filters[0].typed_config.typed_metadata_context_namespaces: not supported
      { "@type": ext_authz.v3.ExtAuthz, stat_prefix: s, grpc_service: SERVICE, typed_metadata_context_namespaces: [a] }
      ---
      filter_chains[0].filters[0].typed_config.transport_api_version: the v2 xDS
      { "@type": ext_authz.v3.ExtAuthz, stat_prefix: s, grpc_service: SERVICE, transport_api_version: V2 }
      ---
      filter_chains[0].filters[0].typed_config.grpc_service.google_grpc: not supported
      { "@type": ext_authz.v3.ExtAuthz, stat_prefix: s, grpc_service: { google_grpc: { target_uri: a, stat_prefix: b } } }
      ---
      filter_chains[0].filters[0].typed_config.grpc_service.initial_metadata[0].value: Not supported field in StreamInfo
      { "@type": ext_authz.v3.ExtAuthz, stat_prefix: s, grpc_service: { envoy_grpc: { cluster_name: c }, initial_metadata: [{ key: k, value: "%NOTHING%" }] } }
      ---
      filter_chains[0].filters[0].typed_config.grpc_service.envoy_grpc.cluster_name: must
      { "@type": ext_authz.v3.ExtAuthz, stat_prefix: s, grpc_service: { envoy_grpc: {} } }
      ---
      ok
      { "@type": ratelimit.v3.RateLimit, stat_prefix: s, domain: d, descriptors: [{ entries: [{ key: a, value: "%PROTOCOL%" }] }], rate_limit_service: { transport_api_version: V3, grpc_service: SERVICE } }
      ---
      filter_chains[0].filters[0].typed_config.domain: must
      { "@type": ratelimit.v3.RateLimit, stat_prefix: s, descriptors: [{ entries: [{ key: a, value: b }] }], rate_limit_service: { transport_api_version: V3, grpc_service: SERVICE } }
      ---
      filter_chains[0].filters[0].typed_config.descriptors: must
      { "@type": ratelimit.v3.RateLimit, stat_prefix: s, domain: d, rate_limit_service: { transport_api_version: V3, grpc_service: SERVICE } }
      ---
      filter_chains[0].filters[0].typed_config.descriptors[0].entries[0].value: Not supported field
      { "@type": ratelimit.v3.RateLimit, stat_prefix: s, domain: d, descriptors: [{ entries: [{ key: a, value: "%NOTHING%" }] }], rate_limit_service: { transport_api_version: V3, grpc_service: SERVICE } }
      """;

  private static final String HTTP =
      """
      ok
      { "@type": ext_authz.v3.ExtAuthz, transport_api_version: V3, grpc_service: SERVICE }
      ---
      HTTP: grpc_service or http_service is required
      { "@type": ext_authz.v3.ExtAuthz, transport_api_version: V3 }
      ---
      HTTP.shadow_mode: not supported
      { "@type": ext_authz.v3.ExtAuthz, transport_api_version: V3, grpc_service: SERVICE, shadow_mode: true }
      ---
      HTTP.clear_route_cache_headers: not supported
      { "@type": ext_authz.v3.ExtAuthz, transport_api_version: V3, grpc_service: SERVICE, clear_route_cache_headers: [a] }
      ---
      HTTP.typed_metadata_context_namespaces: not supported
      { "@type": ext_authz.v3.ExtAuthz, transport_api_version: V3, grpc_service: SERVICE, typed_metadata_context_namespaces: [a] }
      ---
      HTTP.with_request_body.max_request_bytes: must
      { "@type": ext_authz.v3.ExtAuthz, transport_api_version: V3, grpc_service: SERVICE, with_request_body: {} }
      ---
      HTTP.http_service: path_prefix should start with
      { "@type": ext_authz.v3.ExtAuthz, transport_api_version: V3, http_service: { server_uri: { uri: "a:1", cluster: c, timeout: 1s }, path_prefix: a } }
      ---
      HTTP.http_service: path_prefix and path_override cannot both be set
      { "@type": ext_authz.v3.ExtAuthz, transport_api_version: V3, http_service: { server_uri: { uri: "a:1", cluster: c, timeout: 1s }, path_prefix: /a, path_override: /b } }
      ---
      HTTP.decoder_header_mutation_rules.allow_expression
      { "@type": ext_authz.v3.ExtAuthz, transport_api_version: V3, grpc_service: SERVICE, decoder_header_mutation_rules: { allow_expression: { regex: "(" } } }
      ---
      ok
      { "@type": rbac.v3.RBAC, rules: { policies: { p: { permissions: [{ any: true }], principals: [{ header: { name: a } }] } } } }
      ---
      HTTP.rules.policies["p"].permissions[0].uri_template: Didn't find a registered implementation
      { "@type": rbac.v3.RBAC, rules: { policies: { p: { permissions: [{ uri_template: { name: a, typed_config: { "@type": type.googleapis.com/google.protobuf.Empty } } }], principals: [{ any: true }] } } } }
      """;

  static Stream<Arguments> network() {
    return Tables.cases(NETWORK);
  }

  static Stream<Arguments> http() {
    return Tables.cases(HTTP);
  }

  @ParameterizedTest
  @MethodSource("network")
  void aNetworkFilterThatAsksIsJudged(String verdict, String filter) {
    assertVerdict(
        verdict,
        """
        filter_chains:
        - filters:
          - name: a
            typed_config: %s
          - name: e
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo }
        """
            .formatted(full(filter, "network")));
  }

  @ParameterizedTest
  @MethodSource("http")
  void anHttpFilterThatDecidesIsJudged(String verdict, String filter) {
    assertVerdict(
        verdict.replace(
            "HTTP", "filter_chains[0].filters[0].typed_config.http_filters[0].typed_config"),
        """
        filter_chains:
        - filters:
          - name: h
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: s
              route_config: {}
              http_filters:
              - name: a
                typed_config: %s
              - name: r
                typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
        """
            .formatted(full(filter, "http")));
  }

  private static String full(String filter, String kind) {
    return filter
        .strip()
        .replace("SERVICE", SERVICE)
        .replaceFirst(
            "\"@type\": ", "\"@type\": type.googleapis.com/envoy.extensions.filters." + kind + ".");
  }

  private static void assertVerdict(String verdict, String yaml) {
    Wire.assertVerdict(
        verdict,
        Wire.problems(
            ListenerDecoderTest.ADDRESS + yaml,
            Listener.getDefaultInstance(),
            ListenerDecoder::decode));
  }
}
