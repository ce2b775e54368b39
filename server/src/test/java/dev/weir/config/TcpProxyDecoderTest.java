package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.config.TcpProxyConfig.Attempts;
import dev.weir.config.TcpProxyConfig.HashPolicy;
import dev.weir.config.TcpProxyConfig.Target;
import dev.weir.config.TcpProxyConfig.Timing;
import dev.weir.xds.ConfigSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TcpProxyDecoderTest {
  private static final String BEFORE =
      ListenerDecoderTest.ADDRESS
          + """
          filter_chains:
          - filters:
            - name: envoy.filters.network.tcp_proxy
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          """;
  private static final String AT = "filter_chains[0].filters[0].typed_config";

  private static String listener(String tcpProxy) {
    return BEFORE + Tables.indent(6, tcpProxy);
  }

  private static TcpProxyConfig decode(String tcpProxy) {
    var chain = ListenerDecoderTest.decode(listener(tcpProxy)).chains().chains().getFirst();
    return (TcpProxyConfig) chain.filters().getFirst();
  }

  @Test
  void thePlainestHasTheDefaults() {
    var config = decode("stat_prefix: s\ncluster: c\n");
    assertEquals(new Target.Single("c"), config.target());
    assertEquals(new Timing(Duration.ofHours(1), Duration.ZERO, 0), config.timing());
    assertEquals(new Attempts(1, Duration.ZERO, Duration.ZERO), config.attempts());
    assertEquals(SubsetMatch.NONE, config.metadataMatch());
    assertNull(config.hashPolicy());
    assertEquals(AccessLogs.NONE, config.accessLogs());
  }

  @Test
  void everyFieldIsRead() {
    var config =
        decode(
            """
            stat_prefix: s
            cluster: c
            idle_timeout: 0s
            max_connect_attempts: 3
            max_downstream_connection_duration: 10s
            max_downstream_connection_duration_jitter_percentage: { value: 12.5 }
            backoff_options: { base_interval: 0.5s }
            hash_policy: [{ filter_state: { key: k } }]
            access_log_options:
              access_log_flush_interval: 5s
              flush_access_log_on_connected: true
              flush_access_log_on_start: true
            """);
    assertEquals(new Timing(Duration.ZERO, Duration.ofSeconds(10), 12.5), config.timing());
    assertEquals(new Attempts(3, Duration.ofMillis(500), Duration.ofSeconds(5)), config.attempts());
    assertEquals(new HashPolicy.FilterState("k"), config.hashPolicy());
    assertEquals(new AccessLogs(List.of(), Duration.ofSeconds(5), true, true), config.accessLogs());
  }

  @Test
  void aWeightedClustersMetadataIsLaidOverTheFilters() {
    var config =
        decode(
            """
            stat_prefix: s
            metadata_match:
              filter_metadata: { envoy.lb: { env: hema, zone: a }, other: { x: 1 } }
            weighted_clusters:
              clusters:
              - { name: a, weight: 4294967295 }
              - name: b
                weight: 1
                metadata_match: { filter_metadata: { envoy.lb: { env: 5 } } }
            """);
    var hema = Map.<String, MetadataValue>of("env", text("hema"), "zone", text("a"));
    var five =
        Map.<String, MetadataValue>of("env", new MetadataValue.Numeric(5), "zone", text("a"));
    assertEquals(
        new Target.Weighted(
            List.of(
                new Target.Share("a", 4_294_967_295L, new SubsetMatch(hema)),
                new Target.Share("b", 1, new SubsetMatch(five))),
            4_294_967_296L),
        config.target());
  }

  private static MetadataValue text(String value) {
    return new MetadataValue.Text(value);
  }

  @Test
  void anOpeningIsReadFromNewerFields() {
    assertEquals(
        new TcpProxyConfig.Opening(
            TcpProxyConfig.ConnectMode.ON_DOWNSTREAM_DATA,
            16,
            new TcpProxyConfig.OnDemand(
                new ConfigSource.Ads(Duration.ofSeconds(15)), Duration.ofSeconds(60)),
            true,
            new TcpProxyConfig.ProxyTlvs(
                List.of(
                    new TcpProxyConfig.AddedTlv(0xe1, new TcpProxyConfig.TlvValue.Fixed("010203"))),
                TcpProxyConfig.TlvMerge.APPEND_IF_EXISTS_OR_ADD)),
        decode(
                """
                stat_prefix: s
                cluster: c
                upstream_connect_mode: ON_DOWNSTREAM_DATA
                max_early_data_bytes: 16
                on_demand: { odcds_config: { ads: {} } }
                check_drain_close: true
                proxy_protocol_tlvs: [{ type: 225, value: AQID }]
                proxy_protocol_tlv_merge_policy: APPEND_IF_EXISTS_OR_ADD
                """)
            .opening());
  }

  @Test
  void whatHasNoEffectIsSaid() {
    assertEquals(
        List.of(AT + ".on_demand.resources_locator: has no effect"),
        ListenerDecoderTest.warnings(
            listener(
                """
                stat_prefix: s
                cluster: c
                on_demand: { resources_locator: somewhere }
                """)));
  }

  static Stream<Arguments> verdicts() {
    return Tables.cases(
        """
        ok
        cluster: c
        ---
        ok
        cluster: ""
        ---
        .cluster_specifier:
        idle_timeout: 1s
        ---
        .weighted_clusters.clusters[1].weight: must be
        weighted_clusters: { clusters: [{ name: a, weight: 1 }, { name: b, weight: 0 }] }
        ---
        : Only one of access_log_flush_interval or access_log_options can be specified.
        cluster: c
        access_log_flush_interval: 1s
        access_log_options: {}
        ---
        : Only one of flush_access_log_on_connected or access_log_options can be specified.
        cluster: c
        flush_access_log_on_connected: true
        access_log_options: {}
        ---
        .backoff_options: max_backoff_interval must be greater or equal to base_backoff_interval
        cluster: c
        backoff_options: { base_interval: 2s, max_interval: 1s }
        ---
        .proxy_protocol_tlvs[0]: Invalid TLV configuration: one of 'value' or 'format_string' must
        cluster: c
        proxy_protocol_tlvs: [{ type: 1 }]
        ---
        .proxy_protocol_tlvs[0]: Invalid TLV configuration: only one of 'value' or 'format_string'
        cluster: c
        proxy_protocol_tlvs:
        - { type: 1, value: YQ==, format_string: { text_format_source: { inline_string: x } } }
        ---
        : max_early_data_bytes must be set when upstream_connect_mode is not IMMEDIATE
        cluster: c
        upstream_connect_mode: ON_DOWNSTREAM_TLS_HANDSHAKE
        ---
        ok
        cluster: c
        on_demand: { odcds_config: { ads: {} } }
        ---
        .tunneling_config: Can't set a post path when POST method isn't used
        cluster: c
        tunneling_config: { hostname: "a:1", post_path: /x }
        ---
        .tunneling_config.headers_to_add[0]: :-prefixed or host headers may not be modified
        cluster: c
        tunneling_config:
          hostname: "a:1"
          headers_to_add: [{ header: { key: Host, value: x } }]
        ---
        .tunneling_config.hostname: Not supported field in StreamInfo: NOPE
        cluster: c
        tunneling_config: { hostname: "%NOPE%" }
        ---
        .tunneling_config.headers_to_add[0]: Both append and append_action are set and it's not allowed
        cluster: c
        tunneling_config:
          hostname: "a:1"
          headers_to_add: [{ header: { key: a, value: x }, append: true, append_action: ADD_IF_ABSENT }]
        ---
        .tunneling_config.headers_to_add[0].header.value: Not supported field in StreamInfo: NOPE
        cluster: c
        tunneling_config:
          hostname: "a:1"
          headers_to_add: [{ header: { key: a, value: "%NOPE%" } }]
        ---
        .tunneling_config.hostname: must not be empty
        cluster: c
        tunneling_config: { hostname: "" }
        ---
        .tunneling_config.formatters: not supported
        cluster: c
        tunneling_config: { hostname: "a:1", formatters: [{ name: x, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo } }] }
        ---
        .tunneling_config.request_id_extension.typed_config: only envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig is supported
        cluster: c
        tunneling_config:
          hostname: "a:1"
          request_id_extension:
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo }
        ---
        ok
        cluster: c
        tunneling_config:
          hostname: "%REQUESTED_SERVER_NAME%:80"
          use_post: true
          post_path: /x
          propagate_response_headers: true
          headers_to_add: [{ header: { key: a, value: x }, append_action: OVERWRITE_IF_EXISTS }]
          request_id_extension: {}
        ---
        .access_log[0].typed_config: Didn't find a registered implementation for 'x' with type URL: ''
        cluster: c
        access_log: [{ name: x }]
        ---
        .downstream_idle_timeout
        cluster: c
        downstream_idle_timeout: -1s
        """);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void verdicts(String verdict, String yaml) {
    Wire.assertVerdict(
        verdict.equals("ok") ? verdict : AT + verdict,
        ListenerDecoderTest.problems(listener("stat_prefix: s\n" + yaml)));
  }

  static Stream<Arguments> filters() {
    return Tables.cases(
        """
        ok
        - name: e
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo
        ---
        ok
        - name: any
          typed_config:
            "@type": type.googleapis.com/xds.type.v3.TypedStruct
            type_url: type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
            value: { stat_prefix: s, cluster: c }
        ---
        filter_chains[0].filters[0].typed_config.stat_prefix: must not be empty
        - name: any
          typed_config:
            "@type": type.googleapis.com/xds.type.v3.TypedStruct
            type_url: type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
            value: { cluster: c }
        ---
        filter_chains[0].filters[0].typed_config: Didn't find a registered implementation for 'nn' with type URL: 'foo.Bar'
        - name: nn
          typed_config:
            "@type": type.googleapis.com/udpa.type.v1.TypedStruct
            type_url: type.googleapis.com/foo.Bar
        ---
        filter_chains[0].filters[0].typed_config: Didn't find a registered implementation for 'nope' with type URL: ''
        - name: nope
        ---
        filter_chains[0].filters[0].typed_config: Didn't find a registered implementation for 'nn' with type URL: 'google.protobuf.StringValue'
        - name: nn
          typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: x }
        ---
        filter_chains[0].filters[0]: Error: terminal filter named e of type envoy.filters.network.echo must be the last filter in a network filter chain.
        - name: e
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo
        - name: e
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo
        ---
        filter_chains[0].filters[0]: Error: non-terminal filter named s of type envoy.filters.network.sni_cluster is the last filter in a network filter chain.
        - name: s
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.sni_cluster.v3.SniCluster
        ---
        filter_chains[0].filters[0].typed_config: network filter envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy is not supported yet
        - name: s
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy
            stat_prefix: m
        ---
        filter_chains[0].filters[0].config_discovery.type_urls: Error: no factory found for a required type URL x.
        - name: d
          config_discovery: { config_source: { ads: {} }, type_urls: [x] }
        """);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void filters(String verdict, String yaml) {
    var listener =
        ListenerDecoderTest.ADDRESS + "filter_chains:\n- filters:\n" + Tables.indent(2, yaml);
    Wire.assertVerdict(verdict, ListenerDecoderTest.problems(listener));
  }
}
