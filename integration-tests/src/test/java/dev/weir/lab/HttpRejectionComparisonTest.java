package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connection managers, routes and tunnels that break a rule, or only seem to, pushed one after the
/// other to Envoy and to Weir: both judge the same, and Weir says where. Whatever is refused leaves
/// the proxy ready for the next one.
class HttpRejectionComparisonTest {
  private static final String TYPES = "type.googleapis.com/envoy.extensions.filters.network.";

  private static final String ROUTER =
      """
      http_filters:
      - name: envoy.filters.http.router
        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
      """;

  /// A file that cannot be read is a failure, and not a refusal.
  private static final List<String> REFUSED = List.of("update_rejected", "update_failure");

  private static final List<String> ALL =
      List.of("update_success", "update_rejected", "update_failure");

  @TempDir private Path folder;

  /// A row of the table.
  ///
  /// @param path of the problem below the filter's `typed_config`; empty if there is none
  /// @param theirs what becomes of it on Envoy; empty if that is the same
  private record Row(int number, String path, String theirs, String fields) {

    String listener() {
      boolean tunnel = fields.startsWith("tunneling_config");
      var whole = new StringBuilder(fields);
      if (tunnel) {
        whole.append("stat_prefix: s\ncluster: there\n");
      } else {
        if (!fields.contains("stat_prefix")) {
          whole.append("stat_prefix: s\n");
        }
        if (!fields.contains("http_filters")) {
          whole.append(ROUTER);
        }
        if (!fields.matches("(?s).*(?m:^(route_config|rds|scoped_routes|no_routes)).*")) {
          whole.append("route_config: {}\n");
        }
      }
      var type =
          tunnel ? "tcp_proxy.v3.TcpProxy" : "http_connection_manager.v3.HttpConnectionManager";
      return """
      resources:
      - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
        name: l%d
        address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
        filter_chains:
        - filters:
          - name: f
            typed_config:
              "@type": %s
      """
              .formatted(number, TYPES + type)
          + whole.toString().replace("no_routes: true\n", "").indent(8);
    }
  }

  /// What a proxy did with a row.
  ///
  /// @param said what it logged of it, if it refused
  private record Verdict(boolean accepted, String said) {}

  @Test
  void everyRuleIsJudgedAsByEnvoyAndToldWithItsPath() throws IOException {
    var rows = rows();
    var theirs = judge(ProxyKind.ENVOY, rows);
    var ours = judge(ProxyKind.WEIR, rows);
    var wrong = new ArrayList<String>();
    for (int i = 0; i < rows.size(); i++) {
      var problem = problem(rows.get(i), theirs.get(i), ours.get(i));
      if (problem != null) {
        wrong.add(rows.get(i).fields.strip() + " : " + problem);
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  /// @return null if all is well
  private static @Nullable String problem(Row row, Verdict envoy, Verdict weir) {
    boolean refused = !row.path.isEmpty();
    boolean accepts = row.theirs.isEmpty() ? !refused : row.theirs.equals("accepted");
    if (envoy.accepted != accepts) {
      return "Envoy " + (envoy.accepted ? "accepts it" : "says " + envoy.said);
    }
    if (weir.accepted == refused) {
      return "Weir " + (weir.accepted ? "accepts it; Envoy: " + envoy.said : "says " + weir.said);
    }
    return refused && !weir.said.contains(".typed_config" + row.path)
        ? "Weir says " + weir.said + " and not " + row.path
        : null;
  }

  private List<Verdict> judge(ProxyKind kind, List<Row> rows) throws IOException {
    var file = Files.writeString(folder.resolve("lds-" + kind + ".yaml"), "resources: []\n");
    var verdicts = new ArrayList<Verdict>();
    try (var proxy = Proxy.start(kind, bootstrap(file))) {
      long done = updates(proxy, ALL);
      for (var row : rows) {
        var next = Files.writeString(folder.resolve("next.yaml"), row.listener());
        long refused = updates(proxy, REFUSED);
        int before = proxy.errors().length();
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        long last = done;
        done = Await.until("row " + row.number, () -> updates(proxy, ALL), it -> it > last);
        boolean accepted = refused == updates(proxy, REFUSED);
        verdicts.add(new Verdict(accepted, accepted ? "" : said(proxy, before)));
      }
    }
    return verdicts;
  }

  /// The end of what was logged, which says why.
  private static String said(Proxy proxy, int before) {
    var log =
        Await.until(
            "a word of the refusal",
            () -> proxy.errors().substring(before),
            it -> it.contains("rejected") || it.contains("failure"));
    var reasons =
        log.lines()
            .filter(it -> it.contains("rejected") || it.contains("fail") || it.contains("invalid"))
            .toList();
    var reason = reasons.getLast();
    return reason.substring(Math.max(0, reason.length() - 900));
  }

  private static long updates(Proxy proxy, List<String> counters) throws IOException {
    var stats = proxy.stats();
    return counters.stream()
        .mapToLong(it -> stats.getOrDefault("listener_manager.lds." + it, 0L))
        .sum();
  }

  private static List<Row> rows() throws IOException {
    try (var in = HttpRejectionComparisonTest.class.getResourceAsStream("/http/rejections.txt")) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      var rows = new ArrayList<Row>();
      for (var part : text.split("(?m)^---\n", -1)) {
        var lines = part.lines().filter(it -> !it.startsWith("#")).toList();
        var head = (lines.getFirst() + " ").split(" ", 2);
        rows.add(
            new Row(
                rows.size(),
                head[0].equals("ok") ? "" : head[0],
                head[1].strip(),
                String.join("\n", lines.subList(1, lines.size())) + "\n"));
      }
      return rows;
    }
  }

  private static String bootstrap(Path file) {
    return """
    node: { id: gateway-1, cluster: gateways }
    dynamic_resources: { lds_config: { path_config_source: { path: "%s" } } }
    static_resources:
      clusters:
      - { name: there, connect_timeout: 1s }
    """
        .formatted(file);
  }
}
