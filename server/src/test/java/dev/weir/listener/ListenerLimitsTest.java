package dev.weir.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.FilterChainConfig;
import dev.weir.config.FilterChainMatch;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerConfig.Accepting;
import dev.weir.config.ListenerConfig.Bind;
import dev.weir.config.ListenerLimits;
import dev.weir.config.ListenerLimits.WhenFull;
import dev.weir.config.NetworkFilterConfig.Echo;
import dev.weir.config.ProxyProtocolConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whom a listener takes in, and how it turns away the others.
@SuppressWarnings("try") // clients that close early are what this is about
class ListenerLimitsTest {
  private static final FilterChainConfig ECHO = Configs.chain(FilterChainMatch.ANY, new Echo());

  private static ListenerConfig limited(
      long connections, long perSource, WhenFull whenFull, FilterChainConfig... chains) {
    return with(new ListenerLimits(connections, perSource, whenFull, false), chains);
  }

  private static ListenerConfig with(ListenerLimits limits, FilterChainConfig... chains) {
    var plain = Configs.listener(chains);
    return new ListenerConfig(
        plain.name(),
        plain.bind(),
        plain.inspection(),
        plain.chains(),
        plain.report(),
        plain.buffers(),
        limits);
  }

  private static boolean echoes(Socket client) throws IOException {
    client.getOutputStream().write('x');
    return client.getInputStream().read() == 'x';
  }

  @Test
  void oneConnectionTooManyIsClosedAndCounted() throws IOException {
    try (var proxy = ProxyFixture.start(limited(1, 9, WhenFull.CLOSE, ECHO))) {
      try (var first = proxy.connect();
          var second = proxy.connect()) {
        assertTrue(echoes(first));
        assertEquals(-1, second.getInputStream().read());
        assertEquals(1, proxy.stat("listener.l.downstream_cx_overflow"));
      }
      proxy.awaitStat("listener.l.downstream_cx_active", 0);
      try (var third = proxy.connect()) {
        assertTrue(echoes(third));
      }
    }
  }

  @Test
  void itMayBeReset() throws IOException {
    try (var proxy = ProxyFixture.start(limited(1, 9, WhenFull.RESET, ECHO));
        var first = proxy.connect();
        var second = proxy.connect()) {
      assertTrue(echoes(first));
      assertThrows(SocketException.class, () -> second.getInputStream().read());
    }
  }

  @Test
  void itMayBeLeftInTheQueueUntilAnotherOneEnds() throws IOException {
    try (var proxy = ProxyFixture.start(limited(1, 9, WhenFull.LEAVE_IN_BACKLOG, ECHO));
        var first = proxy.connect()) {
      assertTrue(echoes(first));
      try (var second = proxy.connect();
          var third = proxy.connect()) {
        second.getOutputStream().write('x');
        second.setSoTimeout(50);
        assertThrows(SocketTimeoutException.class, () -> second.getInputStream().read());
        second.setSoTimeout(30_000);
        first.close();
        assertEquals('x', second.getInputStream().read());
        second.close();
        assertTrue(echoes(third));
      }
      assertEquals(0, proxy.stat("listener.l.downstream_cx_overflow"));
    }
  }

  @Test
  void aHigherLimitLetsThoseInWhoWait() throws IOException {
    try (var proxy = ProxyFixture.start(limited(1, 9, WhenFull.LEAVE_IN_BACKLOG, ECHO));
        var first = proxy.connect();
        var second = proxy.connect()) {
      assertTrue(echoes(first));
      proxy.update(limited(2, 9, WhenFull.LEAVE_IN_BACKLOG, ECHO));
      assertTrue(echoes(second));
    }
  }

  @Test
  void oneAddressMayHaveFewerThanAllTogether() throws IOException {
    var other = InetAddress.getByName("127.0.0.2");
    try (var proxy = ProxyFixture.start(limited(9, 1, WhenFull.CLOSE, ECHO));
        var first = proxy.connect();
        var second = proxy.connect();
        var elsewhere = new Socket(InetAddress.getLoopbackAddress(), proxy.port(), other, 0)) {
      assertTrue(echoes(first));
      assertEquals(-1, second.getInputStream().read());
      assertTrue(echoes(elsewhere));
      assertEquals(1, proxy.stat("listener.l.downstream_cx_source_overflow"));
      first.close();
      proxy.awaitStat("listener.l.downstream_cx_active", 1);
      try (var third = proxy.connect()) {
        assertTrue(echoes(third));
      }
    }
  }

  @Test
  void behindAProxyHeaderTheAddressThatItTellsCounts() throws IOException {
    var plain = limited(9, 1, WhenFull.CLOSE, ECHO);
    var config =
        new ListenerConfig(
            plain.name(),
            plain.bind(),
            new ListenerConfig.Inspection(
                List.of(ProxyProtocolConfig.IMPLIED), Duration.ofSeconds(15), false),
            plain.chains(),
            plain.report(),
            plain.buffers(),
            plain.limits());
    try (var proxy = ProxyFixture.start(config);
        var first = introduced(proxy, "10.0.0.1");
        var other = introduced(proxy, "10.0.0.2")) {
      assertTrue(echoes(first));
      assertTrue(echoes(other));
      try (var again = introduced(proxy, "10.0.0.1")) {
        assertEquals(-1, again.getInputStream().read());
      }
      assertEquals(1, proxy.stat("listener.l.downstream_cx_source_overflow"));
      first.close();
      proxy.awaitStat("listener.l.downstream_cx_active", 1);
      try (var later = introduced(proxy, "10.0.0.1")) {
        assertTrue(echoes(later));
      }
    }
  }

  private static Socket introduced(ProxyFixture proxy, String source) throws IOException {
    var client = proxy.connect();
    client
        .getOutputStream()
        .write(
            ("PROXY TCP4 " + source + " 10.9.9.9 1000 2000\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  @Test
  void withoutAHealthyHostNobodyIsListenedTo() throws IOException {
    var chain = Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy());
    var limits =
        new ListenerLimits(
            ListenerLimits.UNLIMITED, ListenerLimits.UNLIMITED, WhenFull.CLOSE, true);
    try (var up = Upstream.listen();
        var proxy = ProxyFixture.start(with(limits, chain))) {
      assertThrows(ConnectException.class, proxy::connect);
      proxy.with(Configs.cluster(1 << 20, Duration.ofSeconds(5), up.address()));
      try (var client = connectWhenItListens(proxy);
          var server = up.accept()) {
        client.getOutputStream().write('x');
        assertEquals('x', server.getInputStream().read());
      }
    }
  }

  private static Socket connectWhenItListens(ProxyFixture proxy) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (true) {
      try {
        return proxy.connect();
      } catch (ConnectException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  @Test
  void balancedWorkersHaveTheSameNumberOfConnections() throws IOException {
    var plain = Configs.listener(ECHO);
    var bind = new Bind(plain.bind().sockets(), true, true, 0, new Accepting(0, true, false));
    var config =
        new ListenerConfig(
            "l", bind, plain.inspection(), plain.chains(), plain.report(), plain.bufferLimit());
    long seed = System.nanoTime();
    var random = new Random(seed);
    try (var proxy = ProxyFixture.start(2, config)) {
      var clients = new ArrayList<Socket>();
      for (int i = 0; i < 20; i++) {
        var client = proxy.connect();
        assertTrue(echoes(client));
        clients.add(client);
        if (random.nextInt(4) == 0) {
          clients.remove(random.nextInt(clients.size())).close();
          proxy.awaitStat("listener.l.downstream_cx_active", clients.size());
        }
      }
      var shares =
          List.of(
              proxy.stat("listener.l.worker_0.downstream_cx_total"),
              proxy.stat("listener.l.worker_1.downstream_cx_total"));
      assertTrue(shares.stream().allMatch(share -> share >= 5), "seed " + seed + ": " + shares);
      for (var client : clients) {
        client.close();
      }
    }
  }
}
