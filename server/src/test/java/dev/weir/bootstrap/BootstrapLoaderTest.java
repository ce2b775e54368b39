package dev.weir.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bootstrap.BootstrapLoader.NodeOverrides;
import dev.weir.bootstrap.BootstrapLoader.Request;
import dev.weir.config.Address;
import dev.weir.config.ListenerConfig;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireError;
import dev.weir.xds.ApiConfig;
import dev.weir.xds.Authorities;
import dev.weir.xds.ConfigSource;
import dev.weir.xds.ControlPlane;
import dev.weir.xds.Names;
import dev.weir.xds.Wanted;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BootstrapLoaderTest {
  private static final String XDS =
      """
      node: { id: n1, cluster: c1 }
      static_resources:
        clusters:
        - name: xds
          load_assignment:
            cluster_name: xds
            endpoints:
            - lb_endpoints:
              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 7 } } }
              - endpoint: { address: { pipe: { path: ./xds } } }
      """;
  private static final String ADS =
      XDS
          + """
          dynamic_resources:
            ads_config:
              api_type: DELTA_GRPC
              set_node_on_first_message_only: true
              grpc_services:
              - envoy_grpc: { cluster_name: xds, authority: istiod }
                initial_metadata: [{ key: k, value: v }]
            cds_config: { ads: {} }
            lds_config: { ads: {}, initial_fetch_timeout: 0s }
          """;

  @TempDir Path folder;

  private static Request yaml(String yaml) {
    return new Request("", yaml, NodeOverrides.NONE, OnUnknown.REJECT, OnUnknown.WARN);
  }

  private static Bootstrap load(Request request) {
    try {
      return BootstrapLoader.load(request);
    } catch (BootstrapException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static List<WireError> problems(Request request) {
    return assertThrows(BootstrapException.class, () -> BootstrapLoader.load(request)).problems();
  }

  private Request file(String name, String text) throws IOException {
    var path = Files.writeString(folder.resolve(name), text);
    return new Request(path.toString(), "", NodeOverrides.NONE, OnUnknown.REJECT, OnUnknown.WARN);
  }

  @Test
  void nothingIsNeeded() {
    var bootstrap = load(yaml("{}"));
    assertNull(bootstrap.xds().ads());
    assertNull(bootstrap.dynamics().cds());
    assertNull(bootstrap.dynamics().lds());
    assertNull(bootstrap.process().admin().address());
    assertEquals(Duration.ofSeconds(5), bootstrap.process().statsFlushInterval());
    assertEquals(new Bootstrap.Notes(List.of(), List.of(), List.of()), bootstrap.notes());
  }

  @Test
  void aControlPlaneIsAStaticCluster() {
    var bootstrap = load(yaml(ADS));
    assertEquals("n1", bootstrap.xds().node().getId());
    assertEquals(
        new ApiConfig(
            List.of("xds"),
            true,
            true,
            null,
            ApiConfig.Backoff.DEFAULT,
            List.of(new ApiConfig.Header("k", "v"))),
        bootstrap.xds().ads());
    assertEquals(
        new ControlPlane(
            "xds",
            List.of(
                new ControlPlane.Address.Host("127.0.0.1", 7),
                new ControlPlane.Address.Pipe("./xds")),
            null,
            "istiod",
            Duration.ofSeconds(5),
            null),
        bootstrap.controlPlane("xds"));
    assertEquals(ads(Duration.ofSeconds(15), Names.wildcard()), bootstrap.dynamics().cds());
    assertEquals(ads(Duration.ZERO, Names.wildcard()), bootstrap.dynamics().lds());
    assertEquals("xds", bootstrap.statics().clusters().getFirst().name());
  }

  private static Wanted ads(Duration initialFetchTimeout, Names names) {
    return new Wanted(new ConfigSource.Ads(initialFetchTimeout), names);
  }

  /// A source of resources whose names tell whom to ask.
  private static String source(String authorities) {
    return """
    { %s api_config_source: { api_type: AGGREGATED_DELTA_GRPC, grpc_services: [{ envoy_grpc: { cluster_name: xds } }] } }
    """
        .formatted(authorities)
        .strip();
  }

  private static final String AUTHORITIES =
      XDS
          + """
            - name: e
              type: EDS
              eds_cluster_config: { service_name: "xdstp://a/T/e" }
          config_sources:
          - %s
          default_config_source: %s
          """
              .formatted(source("authorities: [{ name: a }, { name: b }],"), source(""));

  @Test
  void namesTellWhomToAskWhereRuntimeSaysSo() {
    var runtime =
        """
        layered_runtime:
          layers:
          - name: static
            static_layer: { envoy.reloadable_features: { xdstp_based_config_singleton_subscriptions: true } }
        """;
    var bootstrap = load(yaml(AUTHORITIES + runtime));
    var source =
        new ConfigSource.Grpc(
            new ApiConfig(List.of("xds"), true, false, null, ApiConfig.Backoff.DEFAULT, List.of()),
            Duration.ofSeconds(15));
    assertEquals(
        new Authorities(Map.of("a", source, "b", source), source), bootstrap.xds().authorities());
    assertEquals(List.of("layered_runtime: has no effect"), bootstrap.notes().strange());
  }

  @Test
  void namesTellNothingOtherwise() {
    assertEquals(
        List.of(
            "static_resources.clusters: No valid authority was found for the given xDS-TP resource"
                + " xdstp://a/T/e"),
        problems(yaml(AUTHORITIES)).stream().map(it -> it.path() + ": " + it.message()).toList());
  }

  @Test
  void adsHasAControlPlaneInReserveWhereRuntimeSaysSo() {
    var two =
        ADS.replace("  cds_config:", "    - envoy_grpc: { cluster_name: xds }\n  cds_config:");
    var runtime =
        "layered_runtime: { layers: [{ name: static, static_layer:"
            + " { envoy.restart_features.xds_failover_support: true } }] }\n";
    assertEquals(
        List.of("xds", "xds"),
        Objects.requireNonNull(load(yaml(two + runtime)).xds().ads()).controlPlanes());
    assertTrue(problems(yaml(two)).getFirst().message().contains("no more than 1 gRPC services"));
  }

  @Test
  void aLocatorNamesACollection() {
    var lds = "xdstp://a/envoy.config.listener.v3.Listener/x/*?b=1&a=2";
    var cds = "xdstp://a/envoy.config.cluster.v3.Cluster/*";
    var bootstrap =
        load(
            yaml(
                ADS
                    + "  lds_resources_locator: %s\n  cds_resources_locator: %s\n"
                        .formatted(lds, cds)));
    assertEquals(ads(Duration.ofSeconds(15), Names.of(cds)), bootstrap.dynamics().cds());
    assertEquals(
        ads(Duration.ZERO, Names.of("xdstp://a/envoy.config.listener.v3.Listener/x/*?a=2&b=1")),
        bootstrap.dynamics().lds());
    assertEquals(List.of(), bootstrap.notes().strange());
  }

  @Test
  void aControlPlaneOverTlsIsNoClusterToProxyTo() {
    var tls =
        """
        typed_extension_protocol_options:
          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
            explicit_http_config:
              http2_protocol_options: { connection_keepalive: { interval: 30s, timeout: 5s } }
        transport_socket:
          name: tls
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
            sni: istiod
            common_tls_context:
              tls_certificates:
              - certificate_chain: { filename: ./chain.pem }
                private_key: { inline_string: KEY }
              validation_context:
                trusted_ca: { filename: ./ca.pem }
                match_typed_subject_alt_names:
                - { san_type: DNS, matcher: { exact: istiod } }
        """;
    var bootstrap =
        load(yaml(ADS.replace("    load_assignment", tls.indent(4) + "    load_assignment")));
    assertEquals(List.of(), bootstrap.statics().clusters());
    var plane = Objects.requireNonNull(bootstrap.controlPlane("xds"));
    assertEquals(
        new ControlPlane.Keepalive(Duration.ofSeconds(30), Duration.ofSeconds(5)),
        plane.keepalive());
    var spoken = Objects.requireNonNull(plane.tls());
    assertEquals("istiod", spoken.sni());
    assertEquals(new ControlPlane.Pem.InFile(Path.of("./ca.pem")), spoken.trust());
    assertEquals(
        new ControlPlane.Identity(
            new ControlPlane.Pem.InFile(Path.of("./chain.pem")),
            new ControlPlane.Pem.Inline("KEY")),
        spoken.identity());
  }

  @Test
  void flagsReplaceFieldsOfTheNode() {
    var request =
        new Request("", ADS, new NodeOverrides("n2", "", "z2"), OnUnknown.REJECT, OnUnknown.WARN);
    var node = load(request).xds().node();
    assertEquals("n2", node.getId());
    assertEquals("c1", node.getCluster());
    assertEquals("z2", node.getLocality().getZone());
  }

  @Test
  void textFromTheCommandLineIsLaidOverTheFile() throws IOException {
    var path = file("a.yaml", XDS).configPath();
    var over =
        """
        node: { id: n3 }
        static_resources: { clusters: [{ name: more }] }
        """;
    var request = new Request(path, over, NodeOverrides.NONE, OnUnknown.REJECT, OnUnknown.WARN);
    var bootstrap = load(request);
    assertEquals("n3", bootstrap.xds().node().getId());
    assertEquals("c1", bootstrap.xds().node().getCluster());
    assertEquals(
        List.of("xds", "more"),
        bootstrap.statics().clusters().stream().map(cluster -> cluster.name()).toList());
  }

  @Test
  void everyProblemOfAFileHasItsPlace() throws IOException {
    var text =
        """
        node: {}
        static_resources:
          listeners:
          - name: a
            address: { socket_address: { address: localhost, port_value: 1 } }
            filter_chains: [{}]
          - name: b
            address: { socket_address: { address: 127.0.0.1, port_value: 70000 } }
            filter_chains: [{}]
          clusters:
          - name: c
            lb_policy: MAGLEV
            maglev_lb_config: { table_size: 100 }
        """;
    assertEquals(
        List.of(
            "static_resources.listeners[1].address.socket_address.port_value 8",
            "static_resources.clusters[0].maglev_lb_config.table_size 13",
            "static_resources.listeners[0].address.socket_address 5"),
        problems(file("a.yaml", text)).stream()
            .map(problem -> problem.path() + " " + problem.line())
            .toList());
    assertEquals(
        List.of(1), problems(file("b.yaml", "foo: 1\n")).stream().map(WireError::line).toList());
  }

  @Test
  void staticListenersKeepToEachOther() {
    var one = "{ name: a, address: ADDRESS, filter_chains: [{}] }";
    var address = "{ socket_address: { address: 127.0.0.1, port_value: 1 } }";
    var other = address.replace("port_value: 1", "port_value: 2");
    var same = one.replace("ADDRESS", address);
    assertEquals(
        "error adding listener: 'b' has duplicate address '127.0.0.1:1' as existing listener",
        problems(
                yaml(
                    "static_resources: { listeners: [%s, %s] }"
                        .formatted(same, same.replace("name: a", "name: b"))))
            .getFirst()
            .message()
            .replaceFirst(", to check.*", ""));
    var bootstrap =
        load(
            yaml(
                "static_resources: { listeners: [%s, %s] }"
                    .formatted(same, one.replace("ADDRESS", other))));
    assertEquals(1, bootstrap.statics().listeners().size());
    assertEquals(
        List.of(
            "static_resources.listeners[1]: is left out: a listener before it has the same name"),
        bootstrap.notes().strange());
  }

  @Test
  void anUnnamedListenerGetsAName() throws Exception {
    var listener =
        load(yaml(
                "static_resources: { listeners: [{ address: { pipe: { path: /x } },"
                    + " filter_chains: [{}] }] }"))
            .statics()
            .listeners()
            .getFirst();
    ListenerConfig config = listener.value().value();
    assertEquals(listener.name(), config.name());
    assertEquals(36, config.name().length());
    assertEquals("", listener.wire().unpack(Listener.class).getName());
  }

  @Test
  void theAdminInterfaceIsRead() {
    var admin =
        load(yaml(
                """
                admin:
                  address: { socket_address: { address: 127.0.0.1, port_value: 15000 } }
                  access_log_path: /dev/null
                application_log_config: { log_format: { text_format: "%v" } }
                """))
            .process();
    assertEquals(new Address.Socket("127.0.0.1", 15000), admin.admin().address());
    assertEquals(1, admin.admin().accessLogs().size());
    assertEquals("%v", admin.logFormat());
  }

  @Test
  void whatHasNoEffectIsNotedOnce() {
    assertEquals(
        List.of(
            "layered_runtime: has no effect",
            "stats_config.stats_tags[0]: finds no tag, as the regex has no group that says what is"
                + " cut out"),
        load(
                yaml(
                    """
                    layered_runtime: { layers: [{ name: a, static_layer: { x: 1 } }] }
                    stats_config: { stats_tags: [{ tag_name: x, regex: "a(?=b)" }] }
                    """))
            .notes()
            .strange()
            .stream()
            .sorted()
            .toList());
  }

  @Test
  void clustersTakeTheBootstrapsDefaults() {
    var bootstrap =
        load(
            yaml(
                """
                cluster_manager:
                  upstream_bind_config: { source_address: { address: 127.0.0.5, port_value: 0 } }
                static_resources: { clusters: [{ name: c }] }
                """));
    var cluster = bootstrap.statics().clusters().getFirst().value().value();
    assertEquals(
        new Address.Socket("127.0.0.5", 0), cluster.upstream().sources().getFirst().address());
  }

  static Stream<Arguments> verdicts() {
    return Arrays.stream(
            """
            dynamic_resources.ads_config: ads: node 'id' and 'cluster' are required.
            dynamic_resources: { ads_config: { api_type: GRPC, grpc_services: [{ envoy_grpc: { cluster_name: x } }] } }
            ---
            dynamic_resources.ads_config: Unknown gRPC client cluster 'x'
            dynamic_resources: { ads_config: { api_type: GRPC, grpc_services: [{ envoy_grpc: { cluster_name: x } }] } }
            ---
            dynamic_resources.ads_config: API configs must have either a gRPC service or a cluster name
            dynamic_resources: { ads_config: {} }
            ---
            config_sources[0]: xdstp-based non-default config source must have at least one authority.
            config_sources: [{ api_config_source: { api_type: AGGREGATED_GRPC } }]
            ---
            config_sources[0]: xdstp-based config source authority a is configured more than once in an xdstp-based
            config_sources: [{ authorities: [{ name: a }, { name: a }], api_config_source: { api_type: AGGREGATED_GRPC } }]
            ---
            config_sources[0]: Only api_config_source type is currently supported
            config_sources: [{ authorities: [{ name: a }], ads: {} }]
            ---
            default_config_source.api_config_source.api_type: xdstp-based config source authority only supports AGGREGATED_GRPC and
            default_config_source: { api_config_source: { api_type: DELTA_GRPC } }
            ---
            default_config_source.api_config_source: Unknown gRPC client cluster 'x'
            default_config_source: { api_config_source: { api_type: AGGREGATED_GRPC, grpc_services: [{ envoy_grpc: { cluster_name: x } }] } }
            ---
            dynamic_resources.lds_resources_locator: 'file:///x.yaml': does not begin with xdstp://
            dynamic_resources: { lds_resources_locator: "file:///x.yaml" }
            ---
            dynamic_resources.lds_resources_locator: xdstp:// type does not match envoy.config.listener.v3.Listener in xdstp://a/T/*
            dynamic_resources: { lds_resources_locator: "xdstp://a/T/*" }
            ---
            dynamic_resources.cds_config: Missing or not supported config source specifier in envoy::config::core::v3::ConfigSource for a collection.
            dynamic_resources: { cds_resources_locator: "xdstp://a/envoy.config.cluster.v3.Cluster/*" }
            ---
            dynamic_resources.cds_config: Missing or not supported config source specifier in envoy::config::core::v3::ConfigSource for a collection.
            node: { id: i, cluster: c }
            dynamic_resources: { cds_resources_locator: "xdstp://a/envoy.config.cluster.v3.Cluster/*", cds_config: { api_config_source: { api_type: GRPC, grpc_services: [{ envoy_grpc: { cluster_name: x } }] } } }
            ---
            dynamic_resources.ads_config.api_type: ApiConfigSource type must be gRPC, not REST
            dynamic_resources: { ads_config: { api_type: REST, cluster_names: [a] } }
            ---
            dynamic_resources.lds_config.path_config_source.path: paths must refer to an existing path in the system: '/nonexistent/x.yaml' does not exist
            dynamic_resources: { lds_config: { path_config_source: { path: /nonexistent/x.yaml } } }
            ---
            dynamic_resources.lds_config: type.googleapis.com/envoy.config.listener.v3.Listener: node 'id' and 'cluster' are required
            dynamic_resources: { lds_config: { path_config_source: { path: / } } }
            ---
            dynamic_resources.cds_config: envoy.config.core.v3.ApiConfigSource must have a statically defined non-EDS cluster: 'x'
            dynamic_resources: { cds_config: { api_config_source: { api_type: GRPC, grpc_services: [{ envoy_grpc: { cluster_name: x } }] } } }
            ---
            static_resources.clusters[1]: cluster manager: duplicate cluster 'c'
            static_resources: { clusters: [{ name: c }, { name: c }] }
            ---
            static_resources.secrets[1]: Duplicate static secret name a
            static_resources: { secrets: [{ name: a, generic_secret: {} }, { name: a, generic_secret: {} }] }
            ---
            cluster_manager.local_cluster_name: local cluster 'x' must be defined
            cluster_manager: { local_cluster_name: x }
            ---
            admin.address.socket_address: malformed IP address: localhost
            admin: { address: { socket_address: { address: localhost, port_value: 1 } } }
            ---
            Only one of stats_flush_interval or stats_flush_on_admin should be set!
            stats_flush_interval: 1s
            stats_flush_on_admin: true
            ---
            stats_flush_interval: must be
            stats_flush_interval: 301s
            ---
            stats_config.stats_tags[0]: Invalid regex '(':
            stats_config: { stats_tags: [{ tag_name: x, regex: ( }] }
            ---
            stats_config.stats_tags[0]: No regex specified for tag specifier and no default regex for name: 'xyz'
            stats_config: { stats_tags: [{ tag_name: xyz }] }
            ---
            layered_runtime: Duplicate layer name: a
            layered_runtime: { layers: [{ name: a, static_layer: {} }, { name: a, static_layer: {} }] }
            ---
            layered_runtime: Too many admin layers specified
            layered_runtime: { layers: [{ name: a, admin_layer: {} }, { name: b, admin_layer: {} }] }
            ---
            bootstrap_extensions[0]: Didn't find a registered implementation for 'x' with type URL: 'google.protobuf.StringValue'
            bootstrap_extensions: [{ name: x, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: x } }]
            ---
            stats_sinks[0]: Didn't find a registered implementation for 'x' with type URL: ''
            stats_sinks: [{ name: x }]
            """
                .split("(?m)^---\\n"))
        .map(block -> block.split("\n", 2))
        .map(parts -> Arguments.of(parts[0], parts[1]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void verdicts(String verdict, String yaml) {
    var problems = problems(yaml(yaml)).stream().map(WireError::toString).toList();
    assertTrue(
        problems.stream().anyMatch(problem -> problem.startsWith(verdict)), problems::toString);
  }

  @Test
  void aFileThatCannotBeReadIsOneProblem() throws IOException {
    assertEquals(
        "Invalid path: /nonexistent.yaml",
        problems(
                new Request(
                    "/nonexistent.yaml", "", NodeOverrides.NONE, OnUnknown.REJECT, OnUnknown.WARN))
            .getFirst()
            .message());
    assertTrue(
        problems(yaml("")).getFirst().message().contains("At least one of --config-path or"));
    assertEquals(1, problems(file("empty.yaml", "")).size());
    assertEquals(1, problems(file("bad.yaml", "a: [\n")).size());
  }
}
