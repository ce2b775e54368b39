package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.Pki.Wish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same clusters on Envoy and on Weir, the same hosts that fail in every way: the same hosts
/// have to serve, with the same flags, counters and events.
class HealthComparisonTest {

  @TempDir private Path folder;

  /// Every check asks once and then not for a long time, so that all of its counters are exact.
  private static final String ONCE =
      "timeout: 2s, interval: 600s, no_traffic_interval: 600s, unhealthy_threshold: 2,"
          + " healthy_threshold: 2";

  /// Hosts that answer in their ways.
  private record Hosts(
      CheckedHost echo,
      CheckedHost silent,
      CheckedHost closing,
      CheckedHost http,
      TlsBackend tls,
      int dead) {
    static Hosts start(Path folder) throws IOException {
      return new Hosts(
          CheckedHost.echo(),
          CheckedHost.silent(),
          CheckedHost.closing(),
          CheckedHost.http(),
          TlsBackend.start(new Pki(folder).make("host", Wish.of(null, "DNS:host.test")), false),
          FreePorts.inARow(1));
    }

    int[] all() {
      return new int[] {echo.port(), silent.port(), closing.port(), http.port(), dead};
    }

    String cluster(String name, String check, int... ports) {
      var cluster = new StringBuilder();
      cluster.append(
          """
          - name: %s
            type: STATIC
            connect_timeout: 5s
            health_checks:
          """
              .formatted(name));
      check.lines().forEach(line -> cluster.append("  ").append(line).append('\n'));
      cluster.append(
          "  load_assignment: { cluster_name: %s, endpoints: [ { lb_endpoints: [\n"
              .formatted(name));
      for (int port : ports) {
        cluster.append(
            ("    { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d }"
                    + " } } },\n")
                .formatted(port));
      }
      return cluster.append("  ] } ] }\n").toString();
    }
  }

  /// A cluster for each way to check, and for each way to be ejected.
  private String bootstrap(Hosts hosts, Path checks, Path ejections) {
    var clusters =
        Stream.of(checked(hosts, checks), secured(hosts), ejecting(hosts), limited(hosts))
            .flatMap(it -> it);
    var listeners =
        Stream.of("plain", "split", "full", "back", "unbound", "narrow")
            .map(HealthComparisonTest::listener);
    return "cluster_manager: { outlier_detection: { event_log_path: %s } }\n".formatted(ejections)
        + Bootstraps.of(listeners, clusters);
  }

  private static Stream<String> checked(Hosts hosts, Path events) {
    var log =
        """
        event_logger: [ { name: file, typed_config: {
          "@type": type.googleapis.com/envoy.extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink,
          event_log_path: %s } } ], always_log_health_check_success: true\
        """
            .formatted(events);
    var asks =
        "tcp_health_check: { send: { text: '414243' }, receive: [ { text: '41' }, { text: '43' } ]"
            + " }";
    var named = "http_health_check: { path: /named, service_name_matcher: { prefix: us } }";
    return Stream.of(
        hosts.cluster("connects", check("tcp_health_check: {}"), hosts.all()),
        hosts.cluster("asks", check(asks), hosts.all()),
        hosts.cluster("gets", check("http_health_check: { path: /ok }"), hosts.all()),
        hosts.cluster(
            "logs",
            check("http_health_check: { path: /degraded }, " + log),
            hosts.http.port(),
            hosts.dead),
        hosts.cluster(
            "excludes", check("http_health_check: { path: /immediate }"), hosts.http.port()),
        hosts.cluster("verifies", check(named), hosts.http.port()),
        hosts.cluster(
            "several",
            check("name: a, tcp_health_check: {}")
                + check("name: b, http_health_check: { path: /no }"),
            hosts.http.port()));
  }

  private static final String TLS =
      """
        transport_socket:
          name: tls
          typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext }
      """;

  private static final String RAW_IF_ASKED =
      """
        transport_socket_matches:
        - name: raw
          match: { checked: raw }
          transport_socket:
            name: raw
            typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer }
      """;

  /// Checks that are made over TLS, or not over the TLS that the cluster speaks.
  private static Stream<String> secured(Hosts hosts) {
    int[] both = {hosts.tls.port(), hosts.echo.port()};
    var offers =
        "tls_options: { alpn_protocols: [%s] }, tcp_health_check: { send: { text: '0a' }, receive:"
            + " [ { text: '616c706e3d6832' } ] }";
    var raw =
        "transport_socket_match_criteria: { checked: raw }, tcp_health_check: { send: { text: '41'"
            + " }, receive: [ { text: '41' } ] }";
    return Stream.of(
        hosts.cluster("secured", check("tcp_health_check: {}"), both) + TLS,
        hosts.cluster("offers", check(offers.formatted("h2")), hosts.tls.port()) + TLS,
        hosts.cluster("offers-other", check(offers.formatted("http/1.1")), hosts.tls.port()) + TLS,
        hosts.cluster("in-the-clear", check(raw), both) + RAW_IF_ASKED + TLS);
  }

  private static String check(String fields) {
    return "- { %s, %s }\n".formatted(ONCE, fields);
  }

  private static Stream<String> ejecting(Hosts hosts) {
    var rules =
        "consecutive_5xx: 3, consecutive_gateway_failure: 2, consecutive_local_origin_failure: 2,"
            + " max_ejection_percent: 50, base_ejection_time: ";
    int[] two = {hosts.echo.port(), hosts.dead};
    return Stream.of(
        outliers(hosts, "plain", rules + "600s", two),
        outliers(hosts, "split", rules + "600s, split_external_local_origin_errors: true", two),
        outliers(hosts, "full", rules.replace("50", "10") + "600s", two),
        outliers(hosts, "back", rules + "0.1s, interval: 0.3s", two));
  }

  /// A cluster that cannot connect from where it should, and one that takes one connection.
  private static Stream<String> limited(Hosts hosts) {
    return Stream.of(
        Bootstraps.cluster("unbound", hosts.echo.port())
            + "  upstream_bind_config: { source_address: { address: 10.99.99.99, port_value: 0 }"
            + " }\n"
            + "  outlier_detection: { consecutive_5xx: 1, max_ejection_percent: 100 }\n",
        Bootstraps.cluster("narrow", hosts.echo.port())
            + "  circuit_breakers: { per_host_thresholds: [ { max_connections: 1 } ], thresholds:"
            + " [\n"
            + "    { max_connections: 9, track_remaining: true },\n"
            + "    { priority: HIGH, max_retries: 7, max_connection_pools: 5, track_remaining: true"
            + " } ] }\n");
  }

  /// A connection, and another that has to wait for the end of it.
  private static String waiting(Proxy proxy) throws IOException {
    try (var first = Peer.connect(proxy.port("narrow"));
        var second = Peer.connect(proxy.port("narrow"))) {
      var seen = new StringBuilder(first.ask("first"));
      second.send("second\n");
      proxy.awaitStat("cluster.narrow.upstream_rq_pending_active", 1);
      seen.append(state(proxy, "narrow.(circuit_breakers|upstream_(rq|cx)_.*(active|total|flow))"));
      seen.append(
          proxy
              .get("/clusters")
              .lines()
              .filter(it -> it.startsWith("narrow") && it.contains("pending_active"))
              .toList());
      first.finish();
      return seen + first.end() + second.line();
    }
  }

  @Test
  void hostsAreFoundUnhealthyAndEjectedAlike() throws IOException {
    var hosts = Hosts.start(folder);
    try (hosts.tls) {
      assertEquals(observe(ProxyKind.ENVOY, hosts), observe(ProxyKind.WEIR, hosts));
    }
  }

  private String observe(ProxyKind kind, Hosts hosts) throws IOException {
    var checks = folder.resolve(kind + "-checks.log");
    var ejections = folder.resolve(kind + "-ejections.log");
    try (var proxy = Proxy.start(kind, bootstrap(hosts, checks, ejections))) {
      for (var name : List.of("plain", "split", "back")) {
        askUntilEjected(proxy, name);
      }
      ask(proxy, "full", 4);
      proxy.awaitStat("cluster.full.outlier_detection.ejections_overflow", 1);
      ask(proxy, "unbound", 1);
      var waited = waiting(proxy);
      proxy.awaitStat("cluster.back.outlier_detection.ejections_enforced_total", 1);
      proxy.awaitStat("cluster.back.outlier_detection.ejections_active", 0);
      var seen =
          waited
              + state(proxy, "health_check|outlier_detection|membership|unbound")
              + events(checks, 3)
              + events(ejections, 6);
      return named(seen.replaceAll("\\b" + hosts.tls.port() + "\\b", "TLS"), hosts.all());
    }
  }

  /// What is counted across threads is given the time to arrive, so that no failure is too many.
  private static void askUntilEjected(Proxy proxy, String listener) throws IOException {
    var ejected = "cluster.%s.outlier_detection.ejections_enforced_total".formatted(listener);
    for (int i = 0; i < 20 && proxy.stats().getOrDefault(ejected, 0L) == 0; i++) {
      ask(proxy, listener, 1);
    }
  }

  private static void ask(Proxy proxy, String listener, int times) throws IOException {
    int port = proxy.port(listener);
    for (int i = 0; i < times; i++) {
      Peer.ask(port, "hello");
    }
  }

  private static String listener(String name) {
    return Bootstraps.listener(name, "cluster: " + name);
  }

  private static String outliers(Hosts hosts, String name, String rules, int... ports) {
    return hosts
        .cluster(name, "", ports)
        .replace("  health_checks:\n", "  outlier_detection: { " + rules + " }\n");
  }

  /// The flags of all hosts, and the counters of this kind that are not zero.
  private static String state(Proxy proxy, String kind) throws IOException {
    var flags = new TreeSet<String>();
    proxy.get("/clusters").lines().filter(it -> it.contains("health_flags")).forEach(flags::add);
    var wanted = Pattern.compile("cluster\\..*(" + kind + ").*");
    var stats = new TreeMap<>(proxy.stats());
    stats.entrySet().removeIf(it -> it.getValue() == 0 || !wanted.matcher(it.getKey()).matches());
    return String.join("\n", flags)
        + stats.toString().replace(", ", "\n").replace("{", "\n").replace("}", "");
  }

  /// What was logged, without times, in an order of its own.
  private static String events(Path file, int count) {
    var lines =
        Await.until(
            "events in " + file,
            () -> Files.exists(file) ? Files.readAllLines(file) : List.<String>of(),
            it -> it.size() >= count);
    return lines.stream()
        .map(it -> it.replaceFirst("\"timestamp\":\"[^\"]+\"", "TIME"))
        .map(it -> it.replaceFirst("\"secs_since_last_action\":\"\\d+\"", "AGO"))
        .sorted()
        .reduce("", (all, line) -> all + "\n" + line);
  }

  /// Gives hosts the same names whatever their ports are.
  private static String named(String text, int... ports) {
    var named = text;
    for (int i = 0; i < ports.length; i++) {
      named = named.replaceAll("\\b" + ports[i] + "\\b", "PORT" + i);
    }
    return named;
  }
}
