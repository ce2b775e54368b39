package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections that are made ahead of need: after each client there have to be as many as Envoy
/// makes. What is expected here was seen of Envoy, and is expected of both.
class PreconnectComparisonTest {

  /// One cluster, with a listener of the same name.
  ///
  /// @param fields of the cluster
  /// @param hosts how many there are
  /// @param steps what is counted after each client, `name=value` divided by blanks; the names
  ///   without `upstream_`
  private record Case(String name, String fields, int hosts, List<String> steps) {}

  /// Its host is replaced by another.
  private static final String MOVING = "moving";

  /// It gets a second host.
  private static final String GROWING = "growing";

  private static boolean isUpdated(Case it) {
    return it.name.equals(MOVING) || it.name.equals(GROWING);
  }

  private static final String TWICE =
      "preconnect_policy: { per_upstream_preconnect_ratio: 2 %s }\n";

  private static final List<Case> CASES =
      List.of(
          // Comes first: Envoy counts the connections of all clusters together.
          new Case(
              "next-hosts",
              "preconnect_policy: { predictive_preconnect_ratio: 1.5 }",
              2,
              List.of(
                  "cx_total=2 cx_active=2 rq_total=1 rq_pending_total=1",
                  "cx_total=3 cx_active=3 rq_total=2 rq_pending_total=1",
                  "cx_total=4 cx_active=4 rq_total=3 rq_pending_total=2")),
          new Case(
              "half-more",
              "preconnect_policy: { per_upstream_preconnect_ratio: 1.5 }",
              1,
              List.of(
                  "cx_total=2 cx_active=2 rq_total=1 rq_pending_total=1",
                  "cx_total=3 cx_active=3 rq_total=2 rq_pending_total=1",
                  "cx_total=5 cx_active=5 rq_total=3 rq_pending_total=1")),
          new Case(
              "three-times",
              "preconnect_policy: { per_upstream_preconnect_ratio: 3 }",
              1,
              List.of(
                  "cx_total=3 cx_active=3 rq_total=1 rq_pending_total=1",
                  "cx_total=6 cx_active=6 rq_total=2 rq_pending_total=1")),
          new Case(
              "limited",
              "preconnect_policy: { per_upstream_preconnect_ratio: 3 }\n"
                  + "circuit_breakers: { thresholds: [{ max_connections: 2 }] }",
              1,
              List.of("cx_total=2 cx_active=2 cx_overflow=1 rq_total=1 rq_pending_total=1")),
          new Case(
              "other-hosts-only",
              TWICE.formatted(
                  ", preconnect_enabled_metadata: { filter: f, path: [{ key: k }],"
                      + " value: { bool_match: true } }"),
              1,
              List.of(
                  "cx_total=1 cx_active=1 cx_preconnect_skipped=1",
                  "cx_total=2 cx_active=2 cx_preconnect_skipped=2")),
          new Case(
              "idle",
              TWICE.formatted("")
                  + """
                  typed_extension_protocol_options:
                    envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions:
                      "@type": type.googleapis.com/envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions
                      idle_timeout: 0.2s
                  """,
              1,
              List.of(
                  "cx_total=2 cx_active=1 cx_idle_timeout=1 cx_destroy_local=1",
                  "cx_total=5 cx_active=2 cx_idle_timeout=3 rq_pending_total=2")),
          new Case(MOVING, TWICE.formatted(""), 1, List.of("cx_total=2 cx_active=2 rq_total=1")),
          new Case(
              GROWING,
              TWICE.formatted("")
                  + "common_lb_config: { close_connections_on_host_set_change: true }",
              1,
              List.of("cx_total=2 cx_active=2 rq_total=1")));

  private static String cluster(Case it, int port, Path folder) {
    if (isUpdated(it)) {
      return """
      - name: %s
        type: EDS
        eds_cluster_config: { eds_config: { path_config_source: { path: %s/%s.yaml } } }
      """
              .formatted(it.name, folder, it.name)
          + it.fields.indent(2);
    }
    var whole = Bootstraps.cluster(it.name, port);
    var host = whole.substring(whole.lastIndexOf("      - endpoint"));
    var second = it.hosts == 2 ? host.replace("127.0.0.1", "127.0.0.2") : "";
    return whole + second + it.fields.indent(2);
  }

  private static void write(Path folder, String cluster, int port, String... addresses)
      throws IOException {
    var next = folder.resolve("next.yaml");
    var text =
        """
        resources:
        - "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
          cluster_name: %s
          endpoints:
          - lb_endpoints:
        """
            .formatted(cluster);
    for (var address : addresses) {
      text +=
          "    - endpoint: { address: { socket_address: { address: %s, port_value: %d } } }\n"
              .formatted(address, port);
    }
    Files.writeString(next, text);
    Files.move(next, folder.resolve(cluster + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  @ParameterizedTest
  @EnumSource(names = {"WEIR", "ENVOY"})
  void asManyConnectionsAreMadeAheadAsOnEnvoy(ProxyKind kind) throws IOException {
    var folder = Files.createTempDirectory(LabModule.target(), "preconnect");
    try (var host = Greeter.start()) {
      write(folder, MOVING, host.port(), "127.0.0.1");
      write(folder, GROWING, host.port(), "127.0.0.1");
      var bootstrap =
          "node: { id: lab, cluster: lab }\n"
              + Bootstraps.of(
                  CASES.stream().map(it -> Bootstraps.listener(it.name, "cluster: " + it.name)),
                  CASES.stream().map(it -> cluster(it, host.port(), folder)));
      try (var proxy = Proxy.start(kind, bootstrap)) {
        for (var it : CASES) {
          var clients = new ArrayList<Peer>();
          for (var step : it.steps) {
            clients.add(Peer.connect(proxy.port(it.name)));
            Await.until(it.name + " " + step, () -> counted(proxy, it.name, step), step::equals);
          }
          // Whoever gets a connection that was made before reads what its host said meanwhile.
          for (var client : clients) {
            assertEquals("welcome", client.line());
          }
          if (isUpdated(it)) {
            var addresses =
                List.of("127.0.0.2", "127.0.0.1").subList(0, it.name.equals(MOVING) ? 1 : 2);
            write(folder, it.name, host.port(), addresses.toArray(String[]::new));
            // The one that nobody uses is closed, and the other goes on.
            proxy.awaitStat("cluster." + it.name + ".upstream_cx_active", 1);
            assertEquals("hello", clients.getFirst().ask("hello"));
          }
          for (var client : clients) {
            client.close();
          }
        }
        host.stop();
        Await.until("no connection is left", () -> active(proxy) == 0);
      }
    }
  }

  private static String counted(Proxy proxy, String name, String step) throws IOException {
    Map<String, Long> stats = proxy.stats();
    return Stream.of(step.split(" ", -1))
        .map(it -> it.substring(0, it.indexOf('=')))
        .map(it -> it + "=" + stats.getOrDefault("cluster." + name + ".upstream_" + it, -1L))
        .reduce((a, b) -> a + " " + b)
        .orElse("");
  }

  private static long active(Proxy proxy) throws IOException {
    return proxy.stats().entrySet().stream()
        .filter(it -> it.getKey().endsWith(".upstream_cx_active"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
