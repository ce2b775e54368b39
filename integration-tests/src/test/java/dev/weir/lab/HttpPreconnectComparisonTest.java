package dev.weir.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// HTTP connections that are made ahead of need: with each request that is not answered there have
/// to be as many as Envoy makes. What is expected here was seen of Envoy, and is expected of both.
class HttpPreconnectComparisonTest {

  /// One cluster, with a listener of the same name.
  ///
  /// @param fields of the cluster
  /// @param steps what is counted after each request, `name=value` divided by blanks; the names
  ///   without `upstream_`
  private record Case(String name, String fields, List<String> steps) {}

  private static final String HTTP2 =
      """
      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          explicit_http_config: { http2_protocol_options: { max_concurrent_streams: %d } }
      """;

  private static final String TWICE =
      "preconnect_policy: { per_upstream_preconnect_ratio: 2 %s }\n";

  private static final List<Case> CASES =
      List.of(
          new Case(
              "twice",
              TWICE.formatted(""),
              List.of(
                  "cx_total=2 cx_active=2 rq_active=1",
                  "cx_total=4 cx_active=4 rq_active=2",
                  "cx_total=6 cx_active=6 rq_active=3")),
          new Case(
              "half-more",
              "preconnect_policy: { per_upstream_preconnect_ratio: 1.5 }",
              List.of(
                  "cx_total=2 rq_active=1", "cx_total=3 rq_active=2", "cx_total=5 rq_active=3")),
          new Case(
              "limited",
              TWICE.formatted("") + "circuit_breakers: { thresholds: [{ max_connections: 3 }] }",
              List.of(
                  "cx_total=2 cx_overflow=0 rq_active=1",
                  "cx_total=3 cx_overflow=1 rq_active=2",
                  "cx_total=3 cx_overflow=2 rq_active=3")),
          new Case(
              "other-hosts-only",
              TWICE.formatted(
                  ", preconnect_enabled_metadata: { filter: f, path: [{ key: k }],"
                      + " value: { bool_match: true } }"),
              List.of(
                  "cx_total=1 cx_preconnect_skipped=1 rq_active=1",
                  "cx_total=2 cx_preconnect_skipped=2 rq_active=2")),
          new Case(
              "many-streams",
              TWICE.formatted("") + HTTP2.formatted(100),
              List.of("cx_total=1 rq_active=1", "cx_total=1 rq_active=2")),
          new Case(
              "two-streams",
              TWICE.formatted("") + HTTP2.formatted(2),
              List.of(
                  "cx_total=1 rq_active=1", "cx_total=2 rq_active=2", "cx_total=3 rq_active=3")));

  private static String listener(Case it) {
    return Bootstraps.web(it.name, "route: { cluster: %s, timeout: 0s }".formatted(it.name));
  }

  @ParameterizedTest
  @EnumSource(names = {"WEIR", "ENVOY"})
  void asManyConnectionsAreMadeAheadAsOnEnvoy(ProxyKind kind) throws IOException {
    try (var host = Backend.start()) {
      var bootstrap =
          Bootstraps.of(
              CASES.stream().map(HttpPreconnectComparisonTest::listener),
              CASES.stream()
                  .map(it -> Bootstraps.cluster(it.name, host.port()) + it.fields.indent(2)));
      var clients = new ArrayList<Peer>();
      try (var proxy = Proxy.start(kind, bootstrap)) {
        for (var it : CASES) {
          for (var step : it.steps) {
            var client = Peer.connect(proxy.port(it.name));
            client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
            clients.add(client);
            Await.until(it.name + " " + step, () -> counted(proxy, it.name, step), step::equals);
          }
        }
        for (var client : clients) {
          client.close();
        }
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
}
