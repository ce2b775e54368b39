package dev.weir.lab;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How a proxied connection begins: when the upstream is connected, what is read before, what is
/// logged at each step. Weir and Envoy are shown the same clients, and have to log and count the
/// same.
class TcpProxyOpeningTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final String LOG =
      " %ACCESS_LOG_TYPE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT%"
          + " %UPSTREAM_CLUSTER% %UPSTREAM_REQUEST_ATTEMPT_COUNT%"
          + " %DOWNSTREAM_LOCAL_CLOSE_REASON% %DOWNSTREAM_DETECTED_CLOSE_TYPE%"
          + " %UPSTREAM_LOCAL_CLOSE_REASON%";

  private static final String ON_DATA =
      "upstream_connect_mode: ON_DOWNSTREAM_DATA\nmax_early_data_bytes: ";

  private interface Client {
    String see(Proxy proxy, int port) throws IOException;
  }

  /// One listener, and what is done to it.
  private record Case(String name, String tcpProxy, Client client) {}

  private static List<Case> cases() {
    return List.of(
        new Case(
            "connects-at-the-first-byte",
            "cluster: one\n" + ON_DATA + 16,
            (proxy, port) -> {
              try (var client = Peer.connect(port)) {
                proxy.awaitStat("tcp.connects-at-the-first-byte.downstream_cx_total", 1);
                var before = proxy.stats().get("cluster.one.upstream_cx_total");
                return before + client.ask("hello") + client.ask("again");
              }
            }),
        new Case(
            "connects-at-the-first-byte-without-early-data",
            "cluster: one\n" + ON_DATA + 0,
            (_, port) -> {
              try (var client = Peer.connect(port)) {
                return client.ask("hello") + client.ask("x".repeat(100_000)).length();
              }
            }),
        new Case(
            "a-fin-is-no-data",
            "cluster: one\nidle_timeout: 0.3s\n" + ON_DATA + 0,
            (_, port) -> {
              try (var client = Peer.connect(port)) {
                client.finish();
                return client.end();
              }
            }),
        new Case(
            "a-reset-before-any-data",
            "cluster: one\n" + ON_DATA + 0,
            (proxy, port) -> {
              var client = Peer.connect(port);
              proxy.awaitStat("tcp.a-reset-before-any-data.downstream_cx_total", 1);
              client.reset();
              return "";
            }),
        new Case(
            "early-data-of-a-refused-connection",
            """
            cluster: gone
            max_early_data_bytes: 1000
            backoff_options: { base_interval: 0.3s, max_interval: 0.3s }
            max_connect_attempts: 2
            """,
            (_, port) -> {
              try (var client = Peer.connect(port)) {
                client.send("hello\n");
                return client.end();
              }
            }),
        new Case(
            "all-logs",
            """
            cluster: one
            access_log_options:
              flush_access_log_on_connected: true
              flush_access_log_on_start: true
            """,
            (_, port) -> Peer.ask(port, "hello")),
        new Case(
            "a-byte-after-the-health-checks-fail",
            "cluster: drained\ncheck_drain_close: true",
            (proxy, port) -> {
              try (var client = Peer.connect(port)) {
                var seen = client.ask("hello");
                proxy.post("/healthcheck/fail");
                seen += client.ask("again") + client.end();
                proxy.post("/healthcheck/ok");
                return seen;
              }
            }),
        new Case(
            "stuck",
            "cluster: stuck",
            (_, port) -> {
              try (var client = Peer.connect(port)) {
                var _ = client.sendBytesAside(16 << 20, 1);
                client.end();
                return "ended";
              } catch (IOException _) {
                return "ended";
              }
            }),
        new Case(
            "start-log-without-a-cluster",
            "cluster: nobody\naccess_log_options: { flush_access_log_on_start: true }",
            (_, port) -> {
              try (var client = Peer.connect(port)) {
                return client.end();
              }
            }));
  }

  @Test
  void connectionsBeginAsOnEnvoy() throws IOException {
    assertEquals(observe(ProxyKind.ENVOY), observe(ProxyKind.WEIR));
  }

  private static String observe(ProxyKind kind) throws IOException {
    var refusing = Backend.start();
    refusing.close();
    try (var one = Echo.start("one", ANY);
        var deaf = Backend.start()) {
      var clusters =
          Stream.of(
              Bootstraps.cluster("one", one.port()),
              Bootstraps.cluster("gone", refusing.port()),
              Bootstraps.cluster("drained", one.port()), // whose last bytes Envoy drops
              Bootstraps.cluster("stuck", deaf.port())
                  + "  per_connection_buffer_limit_bytes: 32768\n"
                  + "  per_connection_buffer_high_watermark_timeout: 0.5s\n");
      var listeners =
          cases().stream()
              .map(it ->
                  Bootstraps.listener(
                      it.name, it.tcpProxy + "\n" + Bootstraps.accessLog(it.name + LOG)));
      var seen = new ArrayList<String>();
      try (var proxy = Proxy.start(kind, Bootstraps.of(listeners, clusters))) {
        for (var it : cases()) {
          seen.add(it.name + ": " + it.client.see(proxy, proxy.port(it.name)));
          proxy.awaitStat("tcp." + it.name + ".downstream_cx_total", 1);
        }
        Await.until("all are over", () -> over(proxy));
        var counters = counters(proxy);
        proxy.stop();
        return String.join("\n", seen)
            + "\n"
            + proxy.output().stream()
                .map(it -> it.replaceFirst("^(stuck .*? - )\\d+", "$1MUCH"))
                .sorted()
                .collect(joining("\n"))
            + counters;
      }
    }
  }

  private static boolean over(Proxy proxy) throws IOException {
    var stats = proxy.stats();
    return cases().size()
        == stats.entrySet().stream()
            .filter(it -> it.getKey().matches("listener\\..*_0\\.downstream_cx_destroy"))
            .mapToLong(it -> it.getValue())
            .sum();
  }

  private static String counters(Proxy proxy) throws IOException {
    var stats = new TreeMap<>(proxy.stats());
    stats.values().removeIf(it -> it == 0);
    stats.keySet().removeIf(it -> !it.matches("(tcp|cluster\\.(one|gone|stuck))\\..*"));
    stats
        .keySet()
        .removeIf(it -> it.matches(".*(total_match_count|_flow_control_.*|stuck.*bytes.*)"));
    return stats.entrySet().stream().map(it -> "\n" + it).collect(joining());
  }
}
