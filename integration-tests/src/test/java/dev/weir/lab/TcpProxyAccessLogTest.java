package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the access log says of a TCP connection, for every way in which it can end.
class TcpProxyAccessLogTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aConnectionThatWentWellHasItsAddressesAndBytes(ProxyKind kind) throws Exception {
    try (var one = Echo.start("one", ANY);
        var proxy = start(kind, Bootstraps.cluster("service", one.port()), "cluster: service\n")) {
      assertEquals("one hello", Peer.ask(proxy.port("gateway"), "hello"));
      assertEquals(
          List.of(
              "[TIME] \"- - -\" 0 - - - \"-\" 6 10 MS - \"-\" \"-\" \"-\" \"-\""
                  + " \"127.0.0.1:PORT\" service 127.0.0.1:PORT 127.0.0.1:PORT 127.0.0.1:PORT - -"),
          log(proxy));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aServerThatResetsIsFlagged(ProxyKind kind) throws Exception {
    try (var backend = Backend.start();
        var proxy =
            start(kind, Bootstraps.cluster("service", backend.port()), "cluster: service\n");
        var client = Peer.connect(proxy.port("gateway"))) {
      client.send("hello\n");
      var server = backend.accept();
      server.line();
      server.reset();
      client.end();
      assertEquals(List.of("UR - - - 6 0 service"), summary(proxy));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aServerThatRefusesIsFlaggedWithTheReason(ProxyKind kind) throws Exception {
    var backend = Backend.start();
    backend.close();
    assertEquals(
        List.of("UF,URX - - delayed_connect_error:_Connection_refused 0 0 service"),
        summaryOfOneConnection(
            kind, Bootstraps.cluster("service", backend.port()), "cluster: service\n"));
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void anUnknownClusterIsFlagged(ProxyKind kind) throws Exception {
    assertEquals(
        List.of("NC - - - 0 0 -"),
        summaryOfOneConnection(kind, Bootstraps.emptyCluster("service"), "cluster: other\n"));
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aClusterWithoutEndpointsIsFlagged(ProxyKind kind) throws Exception {
    assertEquals(
        List.of("UH - - - 0 0 service"),
        summaryOfOneConnection(kind, Bootstraps.emptyCluster("service"), "cluster: service\n"));
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aConnectionThatReachedItsLongestDurationIsFlagged(ProxyKind kind) throws Exception {
    try (var one = Echo.start("one", ANY)) {
      assertEquals(
          List.of("DT - - - 0 0 service"),
          summaryOfOneConnection(
              kind,
              Bootstraps.cluster("service", one.port()),
              "cluster: service\nmax_downstream_connection_duration: 0.2s\n"));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void anIdleConnectionIsClosedWithoutAFlag(ProxyKind kind) throws Exception {
    try (var one = Echo.start("one", ANY)) {
      assertEquals(
          List.of("- - - - 0 0 service"),
          summaryOfOneConnection(
              kind,
              Bootstraps.cluster("service", one.port()),
              "cluster: service\nidle_timeout: 0.2s\n"));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aConnectionThatIsOpenWhenTheProxyStopsIsLogged(ProxyKind kind) throws Exception {
    try (var one = Echo.start("one", ANY);
        var proxy = start(kind, Bootstraps.cluster("service", one.port()), "cluster: service\n");
        var client = Peer.connect(proxy.port("gateway"))) {
      client.send("hello\n");
      assertEquals("one hello", client.line());
      assertEquals(List.of("- - - - 6 10 service"), summary(proxy));
      assertEquals(Peer.EOF, client.end());
    }
  }

  private static Proxy start(ProxyKind kind, String cluster, String tcpProxy) throws IOException {
    var listener = Bootstraps.listener("gateway", tcpProxy + Bootstraps.ACCESS_LOG);
    return Proxy.start(kind, Bootstraps.of(Stream.of(listener), Stream.of(cluster)));
  }

  private static List<String> summaryOfOneConnection(
      ProxyKind kind, String cluster, String tcpProxy) throws IOException {
    try (var proxy = start(kind, cluster, tcpProxy);
        var client = Peer.connect(proxy.port("gateway"))) {
      assertEquals(Peer.EOF, client.end());
      return summary(proxy);
    }
  }

  /// Stops the proxy, which writes the log out, and masks what is different each time.
  private static List<String> log(Proxy proxy) throws IOException {
    proxy.stop();
    return proxy.output().stream()
        .map(it -> it.replaceFirst("^\\[[^]]*Z]", "[TIME]"))
        .map(it -> it.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT"))
        .map(it -> it.replaceFirst("(\" \\d+ \\d+) \\d+ -", "$1 MS -"))
        .toList();
  }

  /// Of each line: flags, details, details, failure reason, bytes received, bytes sent, cluster.
  private static List<String> summary(Proxy proxy) throws IOException {
    return log(proxy).stream()
        .map(it -> it.replace("\"", "").split(" "))
        .map(it -> Stream.of(5, 6, 7, 8, 9, 10, 18).map(i -> it[i]).toList())
        .map(it -> String.join(" ", it))
        .toList();
  }
}
