package dev.weir.lab;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Tunnels whose two ends are Weir's, or Weir's and Envoy's either way round: whatever is sent
/// arrives, and ends as it ends between two Envoys.
@SuppressWarnings("try") // who closes first is what some of this is about
class TunnelComparisonTest {
  private static final int BULK = 64 * 1024 * 1024;
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final Map<ProxyKind, Proxy> ENDS = new EnumMap<>(ProxyKind.class);
  private static final Map<ProxyKind, Proxy> STARTS = new EnumMap<>(ProxyKind.class);
  private static Echo echo;
  private static Backend backend;
  private static int refused;

  @BeforeAll
  static void start() throws IOException {
    echo = Echo.start("far", ANY);
    backend = Backend.start();
    refused = FreePorts.inARow(1);
    for (var kind : ProxyKind.values()) {
      ENDS.put(kind, Proxy.start(kind, ends()));
    }
    for (var kind : ProxyKind.values()) {
      STARTS.put(kind, Proxy.start(kind, starts()));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    for (var proxy : STARTS.values()) {
      proxy.close();
    }
    for (var proxy : ENDS.values()) {
      proxy.close();
    }
    echo.close();
    backend.close();
  }

  /// Where tunnels end: for each mode, one that leads to each backend.
  private static String ends() {
    var listeners = new ArrayList<String>();
    for (var mode : TunnelMode.values()) {
      for (var place : List.of("echo", "backend", "gone")) {
        listeners.add(mode.terminator(mode + "-" + place, place));
      }
    }
    return Bootstraps.of(
        listeners.stream(),
        Stream.of(
            Bootstraps.cluster("echo", echo.port()),
            Bootstraps.cluster("backend", backend.port()),
            Bootstraps.cluster("gone", refused)));
  }

  /// Where they begin: one for each of those, at both kinds; and some that lead to what refuses
  /// them.
  private static String starts() {
    var listeners = new ArrayList<String>();
    var clusters = new ArrayList<String>();
    for (var end : ENDS.entrySet()) {
      for (var mode : TunnelMode.values()) {
        for (var place : List.of("echo", "backend", "gone")) {
          var name = end.getKey() + "-" + mode + "-" + place;
          listeners.add(Bootstraps.listener(name, mode.tcpProxy(name)));
          clusters.add(mode.cluster(name, end.getValue().port(mode + "-" + place)));
        }
        var other =
            mode == TunnelMode.HTTP2_POST ? TunnelMode.HTTP2_CONNECT : TunnelMode.HTTP2_POST;
        var name = end.getKey() + "-" + mode + "-refused";
        listeners.add(Bootstraps.listener(name, mode.tcpProxy(name)));
        clusters.add(mode.cluster(name, end.getValue().port(other + "-echo")));
      }
    }
    return Bootstraps.of(listeners.stream(), clusters.stream());
  }

  /// A tunnel's two ends.
  private record Pair(ProxyKind start, ProxyKind end) {
    static final List<Pair> ALL =
        List.of(
            new Pair(ProxyKind.WEIR, ProxyKind.WEIR),
            new Pair(ProxyKind.WEIR, ProxyKind.ENVOY),
            new Pair(ProxyKind.ENVOY, ProxyKind.WEIR));

    static final Pair REFERENCE = new Pair(ProxyKind.ENVOY, ProxyKind.ENVOY);

    Proxy proxy() {
      return requireNonNull(STARTS.get(start));
    }

    int port(TunnelMode mode, String place) {
      return proxy().port(end + "-" + mode + "-" + place);
    }
  }

  private interface Scene {
    String play(Pair pair, TunnelMode mode) throws IOException;
  }

  /// Plays a scene with all pairs in all modes; what is seen has to be what two Envoys show.
  private static void same(Scene scene) throws IOException {
    for (var mode : TunnelMode.values()) {
      var expected = scene.play(Pair.REFERENCE, mode);
      for (var pair : Pair.ALL) {
        assertEquals(expected, scene.play(pair, mode), () -> pair + " " + mode);
      }
    }
  }

  @Test
  void aTunnelIsAsGoodAsAConnection() throws IOException {
    for (var pair : Pair.ALL) {
      for (var mode : TunnelMode.values()) {
        try (var client = Peer.connect(pair.port(mode, "echo"))) {
          assertEquals("far one", client.ask("one"), () -> pair + " " + mode);
          assertEquals("far two", client.ask("two"), () -> pair + " " + mode);
        }
      }
    }
  }

  @Test
  void theEndOfOneSideEndsTheOtherAsOnEnvoy() throws IOException {
    same((pair, mode) -> {
      var seen = new ArrayList<String>();
      try (var client = Peer.connect(pair.port(mode, "backend"));
          var server = backend.accept()) {
        client.send("ask\n");
        seen.add(server.line());
        client.finish();
        seen.add(server.end());
        if (mode.halfCloses()) {
          server.send("answer\n");
          seen.add(client.line());
        }
        server.close();
        seen.add(client.end());
      }
      try (var client = Peer.connect(pair.port(mode, "backend"));
          var server = backend.accept()) {
        server.send("greeting\n");
        server.finish();
        seen.add(client.line());
        seen.add(client.end());
      }
      return seen.toString();
    });
  }

  @Test
  void aResetOfOneSideReachesTheOtherAsOnEnvoy() throws IOException {
    same((pair, mode) -> {
      var seen = new ArrayList<String>();
      try (var client = Peer.connect(pair.port(mode, "backend"));
          var server = backend.accept()) {
        client.send("ask\n");
        seen.add(server.line());
        client.reset();
        seen.add(server.end());
      }
      try (var client = Peer.connect(pair.port(mode, "backend"));
          var server = backend.accept()) {
        client.send("ask\n");
        seen.add(server.line());
        server.reset();
        seen.add(client.end());
      }
      return seen.toString();
    });
  }

  @Test
  void aTunnelThatIsRefusedEndsAsOnEnvoy() throws IOException {
    same((pair, mode) -> {
      var proxy = pair.proxy();
      var refusals = pair.end() + "-" + mode + "-(refused|gone) ";
      for (var place : List.of("refused", "gone")) {
        try (var client = Peer.connect(pair.port(mode, place))) {
          client.end();
        }
      }
      proxy.post("/reopen_logs"); // which writes out what is buffered
      return Await.until(
              "both logged",
              () ->
                  proxy.output().stream().filter(Pattern.compile(refusals).asPredicate()).toList(),
              lines -> lines.size() >= 2)
          .stream()
          .map(line -> line.split("\"", -1)[2] + line.split("\"", -1)[3])
          .sorted()
          .collect(joining("|"));
    });
  }

  @Test
  void nothingIsLostOfWhatBothSidesSendAtOnce() throws IOException {
    for (var pair : Pair.ALL) {
      for (var mode : TunnelMode.values()) {
        try (var client = Peer.connect(pair.port(mode, "backend"));
            var server = backend.accept()) {
          var up = client.sendAside(BULK, 1);
          var down = server.sendAside(BULK, 2);
          var received = server.checksumAside(BULK);
          long answer = client.checksum(BULK);
          assertEquals(down.join(), answer, () -> "down " + pair + " " + mode);
          assertEquals(up.join(), received.join(), () -> "up " + pair + " " + mode);
        }
      }
    }
  }

  @Test
  void manyTunnelsShareOneConnection() throws IOException {
    for (var pair : Pair.ALL) {
      var cluster = pair.end() + "-" + TunnelMode.HTTP2_CONNECT + "-echo";
      int port = pair.port(TunnelMode.HTTP2_CONNECT, "echo");
      var clients = new ArrayList<Peer>();
      for (int i = 0; i < 200; i++) {
        clients.add(Peer.connect(port));
      }
      for (int i = 0; i < 200; i++) {
        clients.get(i).send("number " + i + "\n");
      }
      for (int i = 0; i < 200; i++) {
        assertEquals("far number " + i, clients.get(i).line());
      }
      var stats = pair.proxy().stats();
      assertEquals(1, stats.get("cluster." + cluster + ".upstream_cx_total"), () -> "" + pair);
      assertEquals(200, stats.get("cluster." + cluster + ".upstream_rq_active"), () -> "" + pair);
      for (var client : clients) {
        client.close();
      }
      pair.proxy().awaitStat("cluster." + cluster + ".upstream_rq_active", 0);
    }
  }

  /// Resets of tunnels are no attack: they were answered. What shares their connection lives on.
  @Test
  void manyResetTunnelsLeaveTheOthersAlone() throws IOException {
    for (var pair : Pair.ALL) {
      int port = pair.port(TunnelMode.HTTP2_CONNECT, "echo");
      try (var survivor = Peer.connect(port)) {
        assertEquals("far before", survivor.ask("before"), () -> "" + pair);
        for (int i = 0; i < 600; i++) {
          var client = Peer.connect(port);
          assertEquals("far x", client.ask("x"), () -> "" + pair);
          client.reset();
        }
        assertEquals("far after", survivor.ask("after"), () -> "" + pair);
      }
    }
  }
}
