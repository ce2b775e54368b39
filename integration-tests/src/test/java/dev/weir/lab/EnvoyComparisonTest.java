package dev.weir.lab;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The same bootstrap on Envoy and on Weir, the same clients: what is seen has to be the same, the
/// counters included.
class EnvoyComparisonTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /// Counters of the things that Weir does. What belongs to Envoy's insides is left out.
  private static final Pattern COMPARED =
      Pattern.compile("(tcp|cluster\\.(one|two|gone)|listener\\.127|listener_manager)\\..*");

  private static final Pattern LEFT_OUT =
      Pattern.compile(".*\\.(default\\.total_match_count|assignment_stale|.*_flow_control_.*)");

  @Test
  void oneClusterGetsAllConnections() throws IOException {
    same(
        "cluster: two",
        proxy -> {
          var port = proxy.port("gateway");
          var seen = new ArrayList<String>();
          for (int i = 0; i < 20; i++) {
            seen.add(Peer.ask(port, "hello"));
          }
          proxy.awaitStat("listener.127.0.0.1_0.downstream_cx_destroy", 20);
          proxy.awaitStat("cluster.two.upstream_cx_destroy", 20);
          return seen + counters(proxy);
        });
  }

  @Test
  void weightedClustersShareTheConnections() throws IOException {
    same(
        """
        weighted_clusters:
          clusters:
          - { name: one, weight: 50 }
          - { name: two, weight: 50 }
        """,
        proxy -> {
          var port = proxy.port("gateway");
          var answers = new TreeMap<String, Integer>();
          for (int i = 0; i < 200; i++) {
            answers.merge(Peer.ask(port, "hello"), 1, Integer::sum);
          }
          // Each gets a half give or take five standard deviations.
          answers.replaceAll((_, count) -> count > 65 && count < 135 ? 1 : 0);
          proxy.awaitStat("listener.127.0.0.1_0.downstream_cx_destroy", 200);
          return answers + String.join("\n", changed(proxy).keySet());
        });
  }

  @Test
  void theAccessLogIsTheSame() throws IOException {
    same(
        "cluster: one\n" + Bootstraps.ACCESS_LOG,
        proxy -> {
          var port = proxy.port("gateway");
          for (int i = 0; i < 3; i++) {
            Peer.ask(port, "hello");
          }
          proxy.awaitStat("listener.127.0.0.1_0.downstream_cx_destroy", 3);
          proxy.awaitStat("cluster.one.upstream_cx_destroy", 3);
          var counters = counters(proxy);
          proxy.stop();
          return proxy.output().stream()
                  .map(it -> it.replaceFirst("^\\[[0-9TZ:.-]+]", "[TIME]"))
                  .map(it -> it.replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS"))
                  .map(it -> it.replaceFirst("(\" \\d+ \\d+) \\d+ -", "$1 MS -"))
                  .collect(joining("\n"))
              + counters;
        });
  }

  @Test
  void theTimersEndConnectionsTheSameWay() throws IOException {
    same(
        """
        cluster: two
        idle_timeout: 3600s
        max_connect_attempts: 1
        max_downstream_connection_duration: 1s
        """,
        proxy -> {
          try (var busy = Peer.connect(proxy.port("gateway"));
              var silent = Peer.connect(proxy.port("gateway"))) {
            busy.send("hello\n");
            var seen = List.of(busy.line(), busy.end(), silent.end());
            proxy.awaitStat("listener.127.0.0.1_0.downstream_cx_destroy", 2);
            proxy.awaitStat("cluster.two.upstream_cx_destroy", 2);
            return seen + counters(proxy);
          }
        });
  }

  @Test
  void failingToConnectIsCountedTheSameWay() throws IOException {
    same(
        "cluster: gone\nmax_connect_attempts: 3",
        proxy -> {
          try (var client = Peer.connect(proxy.port("gateway"))) {
            var seen = client.end();
            proxy.awaitStat("listener.127.0.0.1_0.downstream_cx_destroy", 1);
            return seen + counters(proxy);
          }
        });
  }

  private interface Observation {
    String of(Proxy proxy) throws IOException;
  }

  /// Takes the observation of both, each before backends of its own.
  private static void same(String tcpProxy, Observation observation) throws IOException {
    var expected = observe(ProxyKind.ENVOY, tcpProxy, observation);
    assertEquals(expected, observe(ProxyKind.WEIR, tcpProxy, observation));
  }

  private static String observe(ProxyKind kind, String tcpProxy, Observation observation)
      throws IOException {
    var refusing = Backend.start();
    refusing.close();
    try (var one = Echo.start("one", ANY);
        var two = Echo.start("two", ANY)) {
      var clusters =
          Stream.of(
              Bootstraps.cluster("one", one.port()),
              Bootstraps.cluster("two", two.port()),
              Bootstraps.cluster("gone", refusing.port()));
      var listeners = Stream.of(Bootstraps.listener("gateway", tcpProxy));
      try (var proxy = Proxy.start(kind, Bootstraps.of(listeners, clusters))) {
        return observation.of(proxy);
      }
    }
  }

  private static String counters(Proxy proxy) throws IOException {
    return changed(proxy).entrySet().stream()
        .map(it -> "\n" + it.getKey() + ": " + it.getValue())
        .collect(joining());
  }

  /// What is compared and not zero.
  private static Map<String, Long> changed(Proxy proxy) throws IOException {
    var stats = proxy.stats();
    stats.values().removeIf(it -> it == 0);
    stats.keySet().removeIf(it -> !COMPARED.matcher(it).matches());
    stats.keySet().removeIf(it -> LEFT_OUT.matcher(it).matches());
    return stats;
  }
}
