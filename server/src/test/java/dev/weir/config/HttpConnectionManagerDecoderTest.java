package dev.weir.config;

import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HttpConnectionManagerDecoderTest {
  private static final String BEFORE =
      ListenerDecoderTest.ADDRESS
          + """
          filter_chains:
          - filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: s
          """;

  private static final String ROUTER =
      """
      http_filters: [{ name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }]
      """;

  /// What is said of fields of a connection manager; each case has a router unless it has filters
  /// of its own, and a route configuration unless it has routes of its own.
  private static final String TABLE =
      """
      ok
      codec_type: HTTP1
      ---
      ok
      http_filters: [{ name: envoy.filters.http.router }]
      ---
      filter_chains[0].filters[0].typed_config.codec_type: HTTP3
      codec_type: HTTP3
      ---
      filter_chains[0].filters[0].typed_config.http_filters[0].typed_config: HTTP filter envoy.extensions.filters.http.lua.v3.Lua is not supported
      http_filters:
      - { name: l, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua } }
      - { name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
      ---
      ok
      http_filters:
      - { name: l, is_optional: true, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua } }
      - { name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
      ---
      ok
      http_filters:
      - { name: w, disabled: true, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm } }
      - { name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
      ---
      filter_chains[0].filters[0].typed_config.http_filters[0]: Error: non-terminal filter named c
      http_filters: [{ name: c, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors } }]
      ---
      filter_chains[0].filters[0].typed_config.http_filters[0]: Error: terminal filter named r
      http_filters:
      - { name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
      - { name: r2, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
      ---
      filter_chains[0].filters[0].typed_config.scoped_routes: not supported
      scoped_routes: { name: s, scope_key_builder: { fragments: [{ header_value_extractor: { name: x } }] }, scoped_rds: { scoped_rds_config_source: { ads: {} } }, rds_config_source: { ads: {} } }
      ---
      filter_chains[0].filters[0].typed_config.upgrade_configs[1]: Error: multiple upgrade configs with the same name: 'Websocket'
      upgrade_configs: [{ upgrade_type: websocket }, { upgrade_type: Websocket }]
      ---
      filter_chains[0].filters[0].typed_config: Error: Only one of `strip_matching_host_port` or `strip_any_host_port` can be set.
      strip_matching_host_port: true
      strip_any_host_port: true
      ---
      filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[1]: Only unique values for domains are permitted
      route_config: { virtual_hosts: [{ name: a, domains: [A.com] }, { name: b, domains: [a.com] }] }
      ---
      filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[1]: Only a single wildcard domain is permitted
      route_config: { virtual_hosts: [{ name: a, domains: ["*"] }, { name: b, domains: ["*"] }] }
      ---
      filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[0].match.safe_regex.regex: missing )
      route_config: { virtual_hosts: [{ name: a, domains: ["*"], routes: [{ match: { safe_regex: { regex: "(" } }, route: { cluster: c } }] }] }
      ---
      filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[0].route: Specified both prefix_rewrite and regex_rewrite
      route_config: { virtual_hosts: [{ name: a, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: c, prefix_rewrite: /a, regex_rewrite: { pattern: { regex: a }, substitution: b } } }] }] }
      ---
      filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[0].route.weighted_clusters: Sum of weights
      route_config: { virtual_hosts: [{ name: a, domains: ["*"], routes: [{ match: { prefix: / }, route: { weighted_clusters: { clusters: [{ name: c, weight: 0 }] } } }] }] }
      ---
      filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[0].route.upgrade_configs[0]: Non-CONNECT upgrade type websocket has ConnectConfig
      route_config: { virtual_hosts: [{ name: a, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: c, upgrade_configs: [{ upgrade_type: websocket, connect_config: {} }] } }] }] }
      ---
      filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[0].request_headers_to_add[0]: :-prefixed or host headers may not be modified
      route_config: { virtual_hosts: [{ name: a, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: c }, request_headers_to_add: [{ header: { key: Host, value: x } }] }] }] }
      ---
      filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[0].route.retry_policy.retry_back_off: retry_policy.max_interval
      route_config: { virtual_hosts: [{ name: a, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: c, retry_policy: { retry_back_off: { base_interval: 2s, max_interval: 1s } } } }] }] }
      ---
      filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[0].route.cluster_specifier: one of
      route_config: { virtual_hosts: [{ name: a, domains: ["*"], routes: [{ match: { prefix: / }, route: {} }] }] }
      """;

  static Stream<Arguments> cases() {
    return Tables.cases(TABLE);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aConnectionManagerIsJudged(String verdict, String fields) {
    var whole = new StringBuilder(fields);
    if (!fields.contains("http_filters")) {
      whole.append(ROUTER);
    }
    if (!fields.contains("route_config") && !fields.contains("scoped_routes")) {
      whole.append("route_config: {}\n");
    }
    Wire.assertVerdict(
        verdict,
        Wire.problems(
            BEFORE + Tables.indent(6, whole.toString()),
            Listener.getDefaultInstance(),
            ListenerDecoder::decode));
  }
}
