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

/// Clusters that choose hosts by the connection or among other clusters, and what filters decide
/// about a connection: Weir has to go where Envoy goes, and to log and count the same.
class ProvidedHostsTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final String LOG =
      " %RESPONSE_FLAGS% %UPSTREAM_CLUSTER% %UPSTREAM_HOST% %UPSTREAM_HOST_NAME%"
          + " %UPSTREAM_REMOTE_ADDRESS% %UPSTREAM_TRANSPORT_FAILURE_REASON%"
          + " %UPSTREAM_REQUEST_ATTEMPT_COUNT% %DOWNSTREAM_LOCAL_CLOSE_REASON%";

  /// One listener: what a filter sets, and where it goes.
  ///
  /// @param state `key=value`, several divided by blanks
  private record Case(String name, String state, String tcpProxy) {}

  private static List<Case> cases(int one, int gone) {
    return List.of(
        new Case("second-member", "", "cluster: empty-then-one"),
        new Case("member-missing", "", "cluster: nobody-then-two"),
        new Case("member-unhealthy", "", "cluster: sick-then-two"),
        new Case("no-member", "", "cluster: nobody-at-all"),
        new Case("member-of-member", "", "cluster: nested"),
        new Case("member-refuses", "", "cluster: gone-then-two\nmax_connect_attempts: 2"),
        new Case("half-sick", "", "cluster: half-then-two"),
        new Case("eyeballs", "", "cluster: eyeballs"),
        new Case("eyeballs-all-refused", "", "cluster: eyeballs-refused"),
        new Case("original", dst(one), "cluster: original"),
        new Case("original-again", dst(one), "cluster: original"),
        new Case("original-refused", dst(gone), "cluster: original"),
        new Case("original-unknown", "", "cluster: original"),
        new Case("original-port", dst(1), "cluster: original-port"),
        new Case("cluster-of-a-filter", "envoy.tcp_proxy.cluster=two", "cluster: one"),
        new Case("unknown-cluster-of-a-filter", "envoy.tcp_proxy.cluster=none", "cluster: one"),
        new Case(
            "idle-timeout-of-a-filter",
            "envoy.tcp_proxy.per_connection_idle_timeout_ms=200",
            "cluster: two\nidle_timeout: 3600s"),
        new Case(
            "forward",
            "envoy.upstream.dynamic_host=localhost envoy.upstream.dynamic_port=" + one,
            "cluster: forward"),
        new Case(
            "forward-to-an-address",
            "envoy.upstream.dynamic_host=127.0.0.1 envoy.upstream.dynamic_port=" + one,
            "cluster: forward"),
        new Case(
            "forward-to-nobody",
            "envoy.upstream.dynamic_host=nobody.invalid envoy.upstream.dynamic_port=" + one,
            "cluster: forward"),
        new Case("forward-without-a-name", "", "cluster: forward"));
  }

  private static String dst(int port) {
    return "envoy.network.transport_socket.original_dst_address=127.0.0.1:" + port;
  }

  private static final String CACHE = "{ name: names, dns_lookup_family: V4_ONLY }";

  private static String listener(Case it) {
    var filters = new StringBuilder();
    if (!it.state.isEmpty()) {
      filters.append(
          """
          - name: state
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config
              on_new_connection:
          """);
      for (var pair : it.state.split(" ", -1)) {
        filters.append(
            """
                - object_key: %s
                  format_string: { text_format_source: { inline_string: "%s" } }
            """
                .formatted((Object[]) pair.split("=", 2)));
      }
    }
    if (it.name.startsWith("forward")) {
      filters.append(
          """
          - name: forward
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig
              port_value: 443
              dns_cache_config: %s
          """
              .formatted(CACHE));
    }
    var whole =
        Bootstraps.listener(it.name, it.tcpProxy + "\n" + Bootstraps.accessLog(it.name + LOG));
    return whole.replace("  - filters:\n", "  - filters:\n" + filters.toString().indent(4));
  }

  private static String aggregate(String name, String... members) {
    return """
    - name: %s
      lb_policy: CLUSTER_PROVIDED
      cluster_type:
        name: envoy.clusters.aggregate
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig
          clusters: [%s]
    """
        .formatted(name, String.join(", ", members));
  }

  private static String endpoints(String name, String... endpoints) {
    return """
    - name: %s
      load_assignment:
        cluster_name: %s
        endpoints:
        - lb_endpoints:
    """
            .formatted(name, name)
        + Stream.of(endpoints).map(it -> "      - " + it + "\n").collect(joining());
  }

  private static String endpoint(int port, String health) {
    return "{ health_status: %s, endpoint: { address: { socket_address: { address: 127.0.0.1,"
            .formatted(health)
        + " port_value: %d } } } }".formatted(port);
  }

  private static String twoAddresses(int first, int second) {
    return "{ endpoint: { address: { socket_address: { address: '::1', port_value: %d } },"
            .formatted(first)
        + " additional_addresses: [{ address: { socket_address: { address: 127.0.0.1, port_value:"
        + " %d } } }] } }".formatted(second);
  }

  private static Stream<String> clusters(int one, int two, int gone) {
    return Stream.of(
        Bootstraps.cluster("one", one),
        Bootstraps.cluster("two", two),
        Bootstraps.cluster("gone", gone),
        Bootstraps.emptyCluster("empty"),
        endpoints("sick", endpoint(one, "UNHEALTHY")),
        endpoints(
            "half",
            endpoint(one, "HEALTHY"),
            endpoint(one, "UNHEALTHY"),
            endpoint(one, "HEALTHY"),
            endpoint(one, "HEALTHY")),
        endpoints("eyeballs", twoAddresses(gone, one)),
        endpoints("eyeballs-refused", twoAddresses(gone, gone)),
        aggregate("empty-then-one", "empty", "one"),
        aggregate("nobody-then-two", "nobody", "two"),
        aggregate("sick-then-two", "sick", "two"),
        aggregate("gone-then-two", "gone", "two"),
        aggregate("half-then-two", "half", "two"),
        aggregate("nobody-at-all", "nobody", "empty"),
        aggregate("nested", "empty-then-one", "two"),
        "- { name: original, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED }\n",
        "- { name: original-port, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED,"
            + " original_dst_lb_config: { upstream_port_override: %d } }\n".formatted(two),
        """
        - name: forward
          lb_policy: CLUSTER_PROVIDED
          cluster_type:
            name: envoy.clusters.dynamic_forward_proxy
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig
              dns_cache_config: %s
        """
            .formatted(CACHE));
  }

  @Test
  void connectionsGoWhereEnvoyLetsThemGo() throws IOException {
    assertEquals(observe(ProxyKind.ENVOY), observe(ProxyKind.WEIR));
  }

  private static String observe(ProxyKind kind) throws IOException {
    var refusing = Backend.start();
    refusing.close();
    try (var one = Echo.start("one", ANY);
        var two = Echo.start("two", ANY)) {
      var cases = cases(one.port(), refusing.port());
      var bootstrap =
          Bootstraps.of(
              cases.stream().map(ProvidedHostsTest::listener),
              clusters(one.port(), two.port(), refusing.port()));
      var seen = new ArrayList<String>();
      try (var proxy = Proxy.start(kind, bootstrap)) {
        for (var it : cases) {
          seen.add(it.name + ": " + ask(proxy.port(it.name), it.name));
          proxy.awaitStat("tcp." + it.name + ".downstream_cx_total", 1);
        }
        Await.until("all are over", () -> over(proxy, cases.size()));
        var counters = counters(proxy);
        proxy.stop();
        return (String.join("\n", seen)
                + "\n"
                + proxy.output().stream().sorted().collect(joining("\n"))
                + counters)
            .replace(":" + one.port(), ":ONE")
            .replace(":" + two.port(), ":TWO")
            .replace(":" + refusing.port(), ":GONE");
      }
    }
  }

  private static String ask(int port, String name) throws IOException {
    if (name.startsWith("idle")) {
      try (var client = Peer.connect(port)) {
        return client.end();
      }
    }
    return Peer.ask(port, "hello").replaceAll("EOF|RST", "closed");
  }

  private static boolean over(Proxy proxy, int connections) throws IOException {
    return connections
        == proxy.stats().entrySet().stream()
            .filter(it -> it.getKey().matches("listener\\..*_0\\.downstream_cx_destroy"))
            .mapToLong(it -> it.getValue())
            .sum();
  }

  private static String counters(Proxy proxy) throws IOException {
    var stats = new TreeMap<>(proxy.stats());
    stats.values().removeIf(it -> it == 0);
    stats.keySet().removeIf(it -> !it.matches("(tcp|cluster|dns_cache)\\..*"));
    stats.keySet().removeIf(it -> it.matches(".*(total_match_count|_flow_control_.*)"));
    return stats.entrySet().stream().map(it -> "\n" + it).collect(joining());
  }
}
