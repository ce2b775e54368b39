package dev.weir.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// One proxy with many cases, and what was seen of each.
final class PickRun implements AutoCloseable {
  /// Connections of a case in which chance decides, at first, for each of its clusters.
  private static final int CONNECTIONS = 20;

  /// And at most, where the two proxies have not been seen to pick from the same hosts.
  private static final int MOST_CONNECTIONS = 600;

  private static final int STEP = 30;

  /// Of the sources of a case, so many are explained.
  private static final int EXPLAINED = 4;

  /// Counters of what a pick has found.
  private static final Pattern COUNTED =
      Pattern.compile("cluster\\.(.*)\\.(lb_.*|membership_.*|upstream_cx_none_healthy)");

  /// Counted when a balancer is made, which Weir does less often than Envoy.
  private static final Set<String> BUILT =
      Set.of("lb_recalculate_zone_structures", "lb_zone_cluster_too_small");

  private final Proxy proxy;
  private final List<PickCase> cases;
  private final Map<String, Integer> ports;

  /// The hosts by case and source address.
  private final Map<PickCase, Map<String, Set<String>>> picks = new HashMap<>();

  private final Map<PickCase, Integer> connections = new HashMap<>();

  PickRun(ProxyKind kind, List<PickCase> cases) throws IOException {
    this.cases = cases;
    this.proxy = Proxy.start(kind, PickCase.bootstrap(cases));
    this.ports = proxy.ports();
  }

  /// Connects to every listener.
  void connectAll() {
    for (var one : cases) {
      if (one.sources().isEmpty()) {
        connect(one, "127.0.0.1", CONNECTIONS * one.clusters().size());
      }
      if (one.held()) {
        connectAndHold(one);
      } else {
        one.sources().forEach(source -> connect(one, source, 1));
      }
    }
  }

  private void connectAndHold(PickCase one) {
    var seen = picks.computeIfAbsent(one, _ -> new TreeMap<>());
    var open = new ArrayList<Peer>();
    try {
      for (var source : one.sources()) {
        connections.merge(one, 1, Integer::sum);
        var peer = Peer.connect(ports.getOrDefault(one.name(), 0), source);
        open.add(peer);
        seen.put(source, Set.of(peer.ask("x")));
      }
      for (var peer : open) {
        peer.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void connect(PickCase one, String source, int times) {
    connections.merge(one, times, Integer::sum);
    var seen =
        picks
            .computeIfAbsent(one, _ -> new TreeMap<>())
            .computeIfAbsent(source, _ -> new TreeSet<>());
    for (int i = 0; i < times; i++) {
      seen.add(ask(ports.getOrDefault(one.name(), 0), source));
    }
  }

  private Map<String, Set<String>> picks(PickCase one) {
    return picks.getOrDefault(one, Map.of());
  }

  private int connections(PickCase one) {
    return connections.getOrDefault(one, 0);
  }

  private static String ask(int port, String source) {
    try (var peer = Peer.connect(port, source)) {
      var answer = peer.ask("x");
      return answer.equals(Peer.RST) ? Peer.EOF : answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where chance decides and the two have not picked from the same hosts so far, connects on, on
  /// both sides alike, until they have, or until that can be no chance any more.
  void converge(PickRun other) {
    for (var one : cases) {
      while (one.sources().isEmpty()
          && !picks(one).equals(other.picks(one))
          && connections(one) < MOST_CONNECTIONS) {
        connect(one, "127.0.0.1", STEP);
        other.connect(one, "127.0.0.1", STEP);
      }
    }
  }

  /// The cases that `/explain` explains otherwise than they were seen.
  ///
  /// @param backends their ports
  List<String> wronglyExplained(List<Integer> backends) throws IOException {
    var explanations = new PickExplanations(proxy, backends);
    var wrong = new ArrayList<String>();
    for (var one : cases) {
      // What was held open has decided about those behind it.
      int explained = one.held() ? 0 : EXPLAINED;
      for (var seen : picks(one).entrySet().stream().limit(explained).toList()) {
        if (!explanations.agrees(one, seen.getKey(), seen.getValue())) {
          wrong.add("\n" + one.name() + " from " + seen + "\n" + one + "\n");
        }
      }
    }
    return wrong;
  }

  /// In what the other run differs from this, the configuration of each case included.
  List<String> differences(PickRun other) throws IOException {
    settle();
    other.settle();
    var counters = counters();
    var otherCounters = other.counters();
    var flags = flags();
    var otherFlags = other.flags();
    var found = new ArrayList<String>();
    for (var one : cases) {
      var expected = picks(one) + "\n" + flags.get(one.name()) + "\n" + counters.get(one.name());
      var actual =
          other.picks(one)
              + "\n"
              + otherFlags.get(one.name())
              + "\n"
              + otherCounters.get(one.name());
      if (!expected.equals(actual)) {
        found.add("\n" + one.name() + "\n" + expected + "\nbut:\n" + actual + "\n" + one + "\n");
      }
    }
    return found;
  }

  /// Waits until every connection is over.
  private void settle() {
    Await.until("all connections counted", proxy::stats, this::allCounted);
  }

  private boolean allCounted(Map<String, Long> stats) {
    return cases.stream()
        .allMatch(one ->
            stats.getOrDefault("tcp." + one.name() + ".downstream_cx_total", 0L)
                >= connections(one));
  }

  /// Of each case, what was counted of its clusters. Where priorities are drawn, how often is a
  /// matter of chance.
  private Map<String, Map<String, Long>> counters() throws IOException {
    var byCase = new HashMap<String, Map<String, Long>>();
    var stats = proxy.stats();
    for (var one : cases) {
      var counted = new TreeMap<String, Long>();
      boolean exact = !one.countsVary();
      for (var cluster : one.clusters()) {
        stats.forEach((name, value) -> {
          var match = COUNTED.matcher(name);
          if (value > 0
              && match.matches()
              && (exact || !name.endsWith("_duplicate"))
              && !BUILT.contains(match.group(2))
              && match.group(1).equals(cluster.get("name"))) {
            counted.put(
                match.group(2),
                exact && !match.group(2).startsWith("lb_zone_") ? value : Math.min(1, value));
          }
        });
      }
      byCase.put(one.name(), counted);
    }
    return byCase;
  }

  /// Of each case, all the flags and clusters that its log lines have. Ends the proxy.
  private Map<String, Set<String>> flags() throws IOException {
    proxy.stop();
    var byCase = new HashMap<String, Set<String>>();
    for (var line : proxy.output()) {
      var parts = line.split("\t", 2);
      byCase.computeIfAbsent(parts[0], _ -> new TreeSet<>()).add(parts[1]);
    }
    return byCase;
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
