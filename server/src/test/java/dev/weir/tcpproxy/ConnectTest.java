package dev.weir.tcpproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.AccessLogs;
import dev.weir.config.Address;
import dev.weir.config.FilterChainMatch;
import dev.weir.config.SubsetMatch;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TcpProxyConfig.Attempts;
import dev.weir.config.TcpProxyConfig.Target;
import dev.weir.config.TcpProxyConfig.Timing;
import dev.weir.listener.Configs;
import dev.weir.listener.DrainStrategy;
import dev.weir.listener.LogFile;
import dev.weir.listener.ProxyFixture;
import dev.weir.listener.Upstream;
import dev.weir.transport.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How attempts end, and what times end. Where time matters, the clock is the test's.
@SuppressWarnings("try") // who closes first is what some of this is about
class ConnectTest {
  private static final String FORMAT =
      "%RESPONSE_FLAGS% %UPSTREAM_TRANSPORT_FAILURE_REASON% %UPSTREAM_HOST% %UPSTREAM_CLUSTER%"
          + " %DOWNSTREAM_LOCAL_CLOSE_REASON% %UPSTREAM_REQUEST_ATTEMPT_COUNT%";
  private static final String CX = "cluster.up.upstream_cx_";
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock();
  private LogFile log;

  @BeforeEach
  void openLog() throws Exception {
    log = new LogFile(FORMAT);
  }

  @AfterEach
  void closeLog() throws IOException {
    log.close();
  }

  private ProxyFixture proxy(Timing timing, Attempts attempts) {
    return proxy(new Target.Single("up"), timing, attempts, log.atEnd());
  }

  private ProxyFixture proxy(Target target, Timing timing, Attempts attempts, AccessLogs logs) {
    var config = new TcpProxyConfig("p", target, timing, attempts, SubsetMatch.NONE, null, logs);
    return ProxyFixture.start(clock, Configs.listener(Configs.chain(FilterChainMatch.ANY, config)));
  }

  private static void assertEnd(Socket socket) throws IOException {
    assertEquals(-1, socket.getInputStream().read());
  }

  /// A port whose queue is full: what connects to it hangs.
  private static final class Blackhole implements AutoCloseable {
    private final ServerSocket server;
    private final List<SocketChannel> waiting = new ArrayList<>();

    Blackhole() throws IOException {
      server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      for (int i = 0; i < 4; i++) {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
        waiting.add(channel);
      }
    }

    Address address() {
      return new Address.Socket("127.0.0.1", server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      for (var channel : waiting) {
        channel.close();
      }
      server.close();
    }
  }

  @Test
  void aRefusedConnectionEndsWithTheReason() throws IOException {
    var dead = Upstream.deadAddress();
    try (var proxy =
            proxy(Configs.UNTIMED, Configs.ONCE).with(Configs.cluster(1 << 20, SECOND, dead));
        var client = proxy.connect()) {
      assertEnd(client);
      assertEquals(
          List.of(
              "UF,URX delayed_connect_error:_Connection_refused "
                  + dead
                  + " up tcp_initializion_failure:0 1"),
          log.await(1));
      assertEquals(1, proxy.stat(CX + "connect_attempts_exceeded"));
      assertEquals(1, proxy.stat(CX + "connect_fail"));
      assertEquals(1, proxy.stat(CX + "destroy_remote"));
      assertEquals(0, proxy.stat(CX + "destroy_with_active_rq"));
      assertEquals(0, proxy.stat("cluster.up.upstream_rq_total"));
      assertEquals(1, proxy.stat("cluster.up.upstream_rq_pending_failure_eject"));
    }
  }

  @Test
  void allAttemptsAreMadeAtOnce() throws IOException {
    try (var proxy =
            proxy(Configs.UNTIMED, Configs.attempts(3))
                .with(Configs.cluster(1 << 20, SECOND, Upstream.deadAddress()));
        var client = proxy.connect()) {
      assertEnd(client);
      assertTrue(log.await(1).getFirst().endsWith(" 3"));
      assertEquals(3, proxy.stat(CX + "total"));
      assertEquals(3, proxy.stat(CX + "connect_fail"));
      assertEquals(1, proxy.stat(CX + "connect_attempts_exceeded"));
    }
  }

  @Test
  void anAttemptThatSucceedsAfterAFailureKeepsTheFlag() throws Exception {
    try (var live = Upstream.listen();
        var proxy =
            proxy(Configs.UNTIMED, Configs.attempts(2))
                .with(Configs.cluster(1 << 20, SECOND, Upstream.deadAddress(), live.address()))) {
      for (int i = 0; i < 2; i++) { // one of the two begins with the dead host
        try (var client = proxy.connect();
            var server = live.accept()) {
          client.shutdownOutput();
          assertEnd(server);
        }
      }
      assertTrue(
          log.await(2)
              .contains(
                  "UF delayed_connect_error:_Connection_refused " + live.address() + " up - 2"));
    }
  }

  @Test
  void betweenAttemptsThereIsAPauseIfItIsConfigured() throws IOException {
    var attempts = new Attempts(2, Duration.ofSeconds(5), Duration.ofSeconds(5));
    try (var proxy =
            proxy(Configs.UNTIMED, attempts)
                .with(Configs.cluster(1 << 20, SECOND, Upstream.deadAddress()));
        var client = proxy.connect()) {
      proxy.awaitStat(CX + "connect_fail", 1);
      clock.advance(Duration.ofSeconds(6), proxy.loops());
      assertEnd(client);
      assertEquals(2, proxy.stat(CX + "total"));
    }
  }

  @Test
  void theClusterIsDrawnAnewForEachAttempt() throws Exception {
    var shares =
        List.of(
            new Target.Share("up", 1, SubsetMatch.NONE),
            new Target.Share("nowhere", 1, SubsetMatch.NONE));
    try (var proxy =
        proxy(new Target.Weighted(shares, 2), Configs.UNTIMED, Configs.attempts(50), log.atEnd())
            .with(Configs.cluster(1 << 20, SECOND, Upstream.deadAddress()))) {
      for (int i = 0; i < 10; i++) {
        try (var client = proxy.connect()) {
          assertEnd(client);
        }
      }
      // Each ends at the other cluster, most of them after some attempts at this one.
      proxy.awaitStat("tcp.p.downstream_cx_no_route", 10);
      assertTrue(log.await(10).stream().anyMatch(line -> line.startsWith("UF,NC ")));
    }
  }

  @Test
  void anUnknownClusterIsFoundOutByTheConnection() throws IOException {
    try (var proxy = proxy(Configs.UNTIMED, Configs.attempts(3));
        var client = proxy.connect()) {
      assertEnd(client);
      assertEquals(List.of("NC - - - tcp_initializion_failure:3 0"), log.await(1));
      assertEquals(1, proxy.stat("tcp.p.downstream_cx_no_route"));
    }
  }

  @Test
  void aClusterWithoutHostsHasNoneHealthy() throws IOException {
    try (var proxy =
            proxy(Configs.UNTIMED, Configs.attempts(3)).with(Configs.cluster(1 << 20, SECOND));
        var client = proxy.connect()) {
      assertEnd(client);
      assertEquals(List.of("UH - - up tcp_initializion_failure:1 0"), log.await(1));
      assertEquals(1, proxy.stat(CX + "none_healthy"));
    }
  }

  @Test
  void anUpstreamThatDoesNotAnswerIsGivenUp() throws IOException {
    try (var hole = new Blackhole();
        var proxy =
            proxy(Configs.UNTIMED, Configs.ONCE)
                .with(Configs.cluster(1 << 20, SECOND, hole.address()));
        var client = proxy.connect()) {
      proxy.awaitStat(CX + "active", 1);
      clock.advance(Duration.ofMillis(1_010), proxy.loops());
      assertEnd(client);
      assertEquals(
          List.of("UF,URX - " + hole.address() + " up tcp_initializion_failure:0 1"), log.await(1));
      assertEquals(1, proxy.stat(CX + "connect_timeout"));
      assertEquals(1, proxy.stat(CX + "destroy_local"));
    }
  }

  @Test
  void theIdleTimeoutHoldsWhileConnectingToo() throws IOException {
    try (var hole = new Blackhole();
        var proxy =
            proxy(new Timing(SECOND, Duration.ZERO, 0), Configs.ONCE)
                .with(Configs.cluster(1 << 20, Duration.ofSeconds(9), hole.address()));
        var client = proxy.connect()) {
      proxy.awaitStat(CX + "active", 1);
      clock.advance(Duration.ofMillis(1_010), proxy.loops());
      assertEnd(client);
      assertEquals("- - - up tcp_session_idle_timeout 1", log.await(1).getFirst());
      assertEquals(1, proxy.stat("tcp.p.idle_timeout"));
      assertEquals(1, proxy.stat("cluster.up.upstream_rq_cancelled"));
      assertEquals(1, proxy.stat(CX + "destroy_local"));
    }
  }

  @Test
  void everyByteEitherWayPutsTheIdleTimeoutOff() throws IOException {
    try (var up = Upstream.listen();
        var proxy =
            proxy(new Timing(SECOND, Duration.ZERO, 0), Configs.ONCE)
                .with(Configs.cluster(1 << 20, SECOND, up.address()));
        var client = proxy.connect();
        var server = up.accept()) {
      clock.advance(Duration.ofMillis(700), proxy.loops());
      server.getOutputStream().write('a');
      assertEquals('a', client.getInputStream().read());
      clock.advance(Duration.ofMillis(700), proxy.loops());
      client.getOutputStream().write('b');
      assertEquals('b', server.getInputStream().read());
      clock.advance(Duration.ofMillis(700), proxy.loops());
      assertEquals(0, proxy.stat("tcp.p.idle_timeout"));
      clock.advance(Duration.ofMillis(400), proxy.loops());
      assertEnd(client);
      assertEnd(server);
      assertEquals(
          "- - " + up.address() + " up tcp_session_idle_timeout 1", log.await(1).getFirst());
    }
  }

  @Test
  void aHalfClosedConnectionIsIdleToo() throws IOException {
    try (var up = Upstream.listen();
        var proxy =
            proxy(new Timing(SECOND, Duration.ZERO, 0), Configs.ONCE)
                .with(Configs.cluster(1 << 20, SECOND, up.address()));
        var client = proxy.connect();
        var server = up.accept()) {
      client.shutdownOutput();
      assertEnd(server);
      clock.advance(Duration.ofMillis(1_010), proxy.loops());
      assertEnd(client);
    }
  }

  @Test
  void theLongestDurationEndsABusyConnection() throws IOException {
    try (var up = Upstream.listen();
        var proxy =
            proxy(new Timing(Duration.ZERO, SECOND, 50), Configs.ONCE)
                .with(Configs.cluster(1 << 20, SECOND, up.address()));
        var client = proxy.connect();
        var server = up.accept()) {
      proxy.awaitStat("cluster.up.upstream_rq_total", 1);
      clock.advance(Duration.ofMillis(990), proxy.loops());
      server.getOutputStream().write('a');
      assertEquals('a', client.getInputStream().read());
      clock.advance(Duration.ofMillis(550), proxy.loops());
      assertEnd(client);
      assertEquals(
          "DT - " + up.address() + " up max_connection_duration_reached 1",
          log.await(1).getFirst());
      assertEquals(1, proxy.stat("tcp.p.max_downstream_connection_duration"));
    }
  }

  @Test
  void aLivingConnectionIsLoggedWhenAskedFor() throws Exception {
    try (var types = new LogFile("%ACCESS_LOG_TYPE%");
        var up = Upstream.listen()) {
      var logs = new AccessLogs(List.of(types.config()), SECOND, true, true);
      try (var proxy =
          proxy(new Target.Single("up"), Configs.UNTIMED, Configs.ONCE, logs)
              .with(Configs.cluster(1 << 20, SECOND, up.address()))) {
        try (var client = proxy.connect();
            var server = up.accept()) {
          types.await(2);
          clock.advance(Duration.ofMillis(1_010), proxy.loops());
          types.await(3);
          client.shutdownOutput();
          assertEnd(server);
        }
        assertEquals(
            List.of(
                "TcpConnectionStart", "TcpUpstreamConnected", "TcpPeriodic", "TcpConnectionEnd"),
            types.await(4));
      }
    }
  }

  @Test
  void aClientThatVanishesWhileConnectingIsFoundOutAfterwards() throws IOException {
    try (var hole = new Blackhole();
        var proxy =
            proxy(Configs.UNTIMED, Configs.ONCE)
                .with(Configs.cluster(1 << 20, SECOND, hole.address()))) {
      var client = proxy.connect();
      client.getOutputStream().write("data".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      proxy.awaitStat(CX + "active", 1);
      client.setSoLinger(true, 0);
      client.close();
      clock.advance(Duration.ofMillis(500), proxy.loops());
      assertEquals(1, proxy.stat(CX + "active"));
      clock.advance(Duration.ofMillis(510), proxy.loops());
      assertTrue(log.await(1).getFirst().startsWith("UF,URX - " + hole.address()));
    }
  }

  @Test
  void anAddressThatDoesNotAnswerIsOvertakenByTheNext() throws IOException {
    try (var hole = new Blackhole();
        var up = Upstream.listen();
        var proxy =
            proxy(Configs.UNTIMED, Configs.ONCE)
                .with(Configs.cluster(SECOND, List.of(hole.address(), up.address())));
        var client = proxy.connect()) {
      proxy.awaitStat(CX + "active", 1);
      clock.advance(Duration.ofMillis(290), proxy.loops());
      assertEquals(1, proxy.stat(CX + "total"));
      clock.advance(Duration.ofMillis(30), proxy.loops());
      try (var accepted = up.accept()) {
        accepted.getOutputStream().write('x');
        assertEquals('x', client.getInputStream().read());
      }
      assertEquals(1, proxy.stat("cluster.up.upstream_rq_total"));
      client.close();
      assertEquals(List.of("- - " + hole.address() + " up - 1"), log.await(1));
    }
  }

  @Test
  void aByteEndsAConnectionThatIsToBeDrainedIfThatIsWanted() throws IOException {
    var opening =
        new TcpProxyConfig.Opening(
            TcpProxyConfig.ConnectMode.IMMEDIATE, -1, null, true, TcpProxyConfig.ProxyTlvs.NONE);
    var config =
        new TcpProxyConfig(
            "p",
            new Target.Single("up"),
            Configs.UNTIMED,
            Configs.ONCE,
            SubsetMatch.NONE,
            null,
            log.atEnd(),
            opening,
            null);
    var listener = Configs.listener(Configs.chain(FilterChainMatch.ANY, config));
    try (var up = Upstream.listen();
        var proxy =
            ProxyFixture.start(clock, DrainStrategy.IMMEDIATE, listener)
                .with(Configs.cluster(1 << 20, SECOND, up.address()));
        var busy = proxy.connect();
        var accepted = up.accept();
        var idle = proxy.connect()) {
      proxy.awaitStat("cluster.up.upstream_rq_active", 2);
      var drained = proxy.onMain(() -> proxy.listener().drain(Duration.ofSeconds(1_000)));
      clock.advance(Duration.ofSeconds(999), proxy.loops());
      busy.getOutputStream().write('b');
      assertEquals('b', accepted.getInputStream().read());
      assertEnd(busy);
      proxy.awaitStat("tcp.p.downstream_cx_drain_close", 1); // it goes with the last connection
      clock.advance(SECOND.plus(SECOND), proxy.loops());
      assertEnd(idle);
      drained.join();
    }
  }
}
