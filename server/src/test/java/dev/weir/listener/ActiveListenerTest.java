package dev.weir.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Address;
import dev.weir.config.CidrRange;
import dev.weir.config.FilterChainConfig;
import dev.weir.config.FilterChainMatch;
import dev.weir.config.FilterChainMatch.Source;
import dev.weir.config.FilterChainMatch.SourceType;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerConfig.Chains;
import dev.weir.config.ListenerConfig.ListenAddress;
import dev.weir.config.ListenerConfig.Report;
import dev.weir.config.NetworkFilterConfig.Echo;
import dev.weir.config.SocketConfig;
import dev.weir.config.SocketConfig.Option;
import dev.weir.config.SocketConfig.OptionValue;
import dev.weir.transport.ManualClock;
import dev.weir.transport.Sockets;
import dev.weir.transport.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Binding, updating and draining, over real sockets; what is accepted is echoed.
@SuppressWarnings("try") // a client that closes early is what some of this is about
class ActiveListenerTest {
  private static final FilterChainConfig ECHO = Configs.chain(FilterChainMatch.ANY, new Echo());

  private final ManualClock clock = new ManualClock();

  private static void assertEchoes(Socket client) throws IOException {
    client.getOutputStream().write("hello".getBytes(US_ASCII));
    assertEquals("hello", new String(client.getInputStream().readNBytes(5), US_ASCII));
  }

  private static void assertEnd(Socket client) throws IOException {
    assertEquals(-1, client.getInputStream().read());
  }

  private static FilterChainMatch from(String network, int length) {
    var range = new CidrRange(Sockets.ip(network, 0).getAddress(), length);
    return new FilterChainMatch(
        0,
        List.of(),
        List.of(),
        "",
        List.of(),
        new Source(List.of(), SourceType.ANY, List.of(range), List.of()));
  }

  private static ListenerConfig at(int port, FilterChainConfig... chains) {
    return Configs.listener(1 << 20, new Address.Socket("127.0.0.1", port), chains);
  }

  private static void apply(ProxyFixture proxy, ListenerConfig next) {
    assertEquals(new ListenerOutcome.Applied(), proxy.update(next));
  }

  @ParameterizedTest
  @EnumSource
  void itServesOverEveryTransport(Transport transport) throws IOException {
    try (var proxy = ProxyFixture.start(transport, Configs.listener(ECHO));
        var client = proxy.connect()) {
      assertEchoes(client);
      assertEquals(1, proxy.stat("listener.l.downstream_cx_active"));
      client.shutdownOutput();
      assertEnd(client);
      proxy.awaitStat("listener.l.downstream_cx_active", 0);
      assertEquals(1, proxy.stat("listener.l.downstream_cx_total"));
      assertEquals(1, proxy.stat("listener.l.downstream_cx_destroy"));
      assertEquals(1, proxy.stat("listener.l.worker_0.downstream_cx_total"));
    }
  }

  @Test
  void aPortInUseIsRefusedWithTheReason() {
    try (var other = Upstream.listen();
        var proxy = ProxyFixture.start(Configs.listener(1 << 20, other.address(), ECHO))) {
      assertEquals(
          new ListenerOutcome.Refused(
              "cannot bind '" + other.address() + "': Address already in use"),
          proxy.bound());
      assertEquals(List.of(), proxy.onMain(proxy.listener()::localAddresses));
    }
  }

  @Test
  void ofManyAddressesAllAreBoundOrNone() throws IOException {
    var free = Upstream.deadAddress();
    try (var other = Upstream.listen()) {
      var config = Configs.listener(ECHO);
      var both =
          new ListenerConfig(
              config.name(),
              Configs.bind(true, free, other.address()),
              config.inspection(),
              config.chains(),
              config.report(),
              config.bufferLimit());
      try (var proxy = ProxyFixture.start(2, both)) {
        assertTrue(proxy.bound() instanceof ListenerOutcome.Refused);
        assertThrows(
            ConnectException.class,
            () -> ProxyFixture.connect(((Address.Socket) free).port()).close());
      }
    }
  }

  /// A listener whose sockets have an option.
  private static ListenerConfig withKeepalive(boolean reusePort, Address address, int value) {
    var config = Configs.listener(ECHO);
    var option = new Option("", 1, 9, new OptionValue.Int(value), SocketConfig.State.PREBIND);
    var socket = new ListenAddress(address, new SocketConfig(null, List.of(option)));
    return new ListenerConfig(
        config.name(),
        new ListenerConfig.Bind(List.of(socket), true, reusePort, 0),
        config.inspection(),
        config.chains(),
        config.report(),
        config.bufferLimit());
  }

  @Test
  void noConnectionIsRefusedWhileSocketOptionsChangeAtTheSameAddress() throws Exception {
    var address = (Address.Socket) Upstream.deadAddress();
    try (var proxy = ProxyFixture.start(2, withKeepalive(true, address, 0))) {
      proxy.update(withKeepalive(true, address, 1));
      Assumptions.assumeTrue(isLeaving(proxy), "this kernel does not lead connections");
      while (isLeaving(proxy)) {
        Thread.onSpinWait();
      }
      var done = new AtomicBoolean();
      var served = new AtomicInteger();
      var clients = new ArrayList<CompletableFuture<Void>>();
      for (int i = 0; i < 3; i++) {
        var client = new CompletableFuture<Void>();
        clients.add(client);
        Thread.startVirtualThread(() -> {
          try {
            while (!done.get()) {
              try (var socket = ProxyFixture.connect(address.port())) {
                assertEchoes(socket);
                served.incrementAndGet();
              }
            }
            client.complete(null);
          } catch (IOException | AssertionError e) {
            client.completeExceptionally(e);
          }
        });
      }
      for (int i = 1; i <= 4; i++) {
        int before = served.get();
        assertEquals(
            new ListenerOutcome.Applied(), proxy.update(withKeepalive(true, address, i + 1)));
        while ((served.get() < before + 5 || isLeaving(proxy))
            && clients.stream().noneMatch(it -> it.isDone())) {
          Thread.onSpinWait();
        }
      }
      done.set(true);
      CompletableFuture.allOf(clients.toArray(CompletableFuture<?>[]::new))
          .orTimeout(30, TimeUnit.SECONDS)
          .join();
    }
  }

  private static boolean isLeaving(ProxyFixture proxy) {
    return proxy.onMain(proxy.listener()::isLeaving);
  }

  @Test
  void withoutReusePortSocketOptionsCannotChange() throws Exception {
    var address = (Address.Socket) Upstream.deadAddress();
    try (var proxy = ProxyFixture.start(withKeepalive(false, address, 0))) {
      assertEquals(
          new ListenerOutcome.Refused(
              "Listener l: doesn't support update any socket options when the reuse port isn't"
                  + " enabled"),
          proxy.update(withKeepalive(false, address, 1)));
      try (var client = ProxyFixture.connect(address.port())) {
        assertEchoes(client);
      }
    }
  }

  @Test
  void whatIsPreparedTakesNoConnectionBeforeItIsApplied() throws Exception {
    try (var proxy = ProxyFixture.start(Configs.listener(ECHO))) {
      var free = Upstream.deadAddress();
      int port = ((Address.Socket) free).port();
      var next = Configs.listener(1 << 20, free, ECHO);
      var change = proxy.onMain(() -> proxy.listener().prepare(next));
      assertThrows(ConnectException.class, () -> ProxyFixture.connect(port).close());
      try (var client = proxy.connect()) {
        assertEchoes(client); // the old address serves on
      }
      assertEquals(new ListenerOutcome.Applied(), proxy.onMain(change::apply));
      try (var client = ProxyFixture.connect(port)) {
        assertEchoes(client);
      }
    }
  }

  @Test
  void whatIsPreparedIsGivenUpForWhatIsPreparedNextAndLeavesItsAddressToIt() throws Exception {
    try (var proxy = ProxyFixture.start(Configs.listener(ECHO))) {
      var next = Configs.listener(1 << 20, Upstream.deadAddress(), ECHO);
      var first = proxy.onMain(() -> proxy.listener().prepare(next));
      var second = proxy.onMain(() -> proxy.listener().prepare(next));
      proxy.onMain(() -> {
        first.discard();
        return second.apply();
      });
      try (var client = proxy.connect()) {
        assertEchoes(client);
      }
    }
  }

  @Test
  void eachWorkerHasASocketOnTheSamePort() throws IOException {
    try (var proxy = ProxyFixture.start(2, Configs.listener(ECHO))) {
      for (int i = 0; i < 64; i++) {
        try (var client = proxy.connect()) {
          assertEchoes(client);
        }
      }
      long first = proxy.stat("listener.l.worker_0.downstream_cx_total");
      long second = proxy.stat("listener.l.worker_1.downstream_cx_total");
      assertEquals(64, first + second);
      assertTrue(first > 0 && second > 0, first + " and " + second);
    }
  }

  @Test
  void whereOneSocketIsSharedTheWorkersTakeTurns() throws IOException {
    var config = Configs.listener(ECHO);
    var shared =
        new ListenerConfig(
            config.name(),
            Configs.bind(false, Configs.ANY_PORT),
            config.inspection(),
            config.chains(),
            config.report(),
            config.bufferLimit());
    try (var proxy = ProxyFixture.start(2, shared)) {
      for (int i = 0; i < 10; i++) {
        try (var client = proxy.connect()) {
          assertEchoes(client);
        }
      }
      assertEquals(5, proxy.stat("listener.l.worker_0.downstream_cx_total"));
      assertEquals(5, proxy.stat("listener.l.worker_1.downstream_cx_total"));
    }
  }

  @Test
  void aClientThatNoChainServesIsTurnedAwayAndLogged() throws Exception {
    try (var log = new LogFile("%RESPONSE_FLAGS%")) {
      var config = at(0, Configs.chain(from("10.0.0.0", 8), new Echo()));
      var report = config.report();
      var logging =
          new ListenerConfig(
              config.name(),
              config.bind(),
              config.inspection(),
              config.chains(),
              new Report(
                  report.statPrefix(),
                  report.direction(),
                  report.drainType(),
                  report.ignoreGlobalLimit(),
                  log.atEnd()),
              config.bufferLimit());
      try (var proxy = ProxyFixture.start(logging);
          var client = proxy.connect()) {
        assertEnd(client);
        assertEquals(1, proxy.stat("listener.l.no_filter_chain_match"));
        assertEquals(0, proxy.stat("listener.l.downstream_cx_total"));
        assertEquals(List.of("NR"), log.await(1));
      }
    }
  }

  @Test
  void theDefaultChainServesWhomNoOtherServes() throws IOException {
    var config = at(0, Configs.chain(from("10.0.0.0", 8)));
    var withDefault =
        new ListenerConfig(
            config.name(),
            config.bind(),
            config.inspection(),
            new Chains(config.chains().chains(), ECHO),
            config.report(),
            config.bufferLimit());
    try (var proxy = ProxyFixture.start(withDefault);
        var client = proxy.connect()) {
      assertEchoes(client);
    }
  }

  @Test
  void aChainWithoutFiltersClosesAtOnce() throws IOException {
    try (var proxy = ProxyFixture.start(at(0, Configs.chain(FilterChainMatch.ANY)));
        var client = proxy.connect()) {
      assertEnd(client);
      proxy.awaitStat("listener.l.downstream_cx_destroy", 1);
    }
  }

  @Test
  void anUpdateLeavesOpenConnectionsWhatTheyBeganWith() throws IOException {
    try (var former = Upstream.listen();
        var later = Upstream.listen();
        var proxy =
            ProxyFixture.start(at(0, Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy())))
                .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), former.address()));
        var old = proxy.connect();
        var oldServer = former.accept()) {
      proxy.with(Configs.cluster(1 << 20, Duration.ofSeconds(5), later.address()));
      apply(proxy, at(0, Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy())));
      try (var client = proxy.connect();
          var server = later.accept()) {
        client.getOutputStream().write('n');
        assertEquals('n', server.getInputStream().read());
        old.getOutputStream().write('o');
        assertEquals('o', oldServer.getInputStream().read());
      }
    }
  }

  @Test
  void onlyConnectionsWhoseChainAdmitsOthersNowAreDrained() throws IOException {
    var mine = Configs.chain(from("127.0.0.0", 8), new Echo());
    var others = Configs.chain(from("10.0.0.0", 8), new Echo());
    try (var proxy = ProxyFixture.start(clock, at(0, mine, others));
        var client = proxy.connect()) {
      assertEchoes(client);
      apply(proxy, at(0, mine));
      proxy.awaitStat("listener_manager.total_filter_chains_draining", 0);
      clock.advance(Duration.ofSeconds(20), proxy.loops());
      assertEchoes(client);

      apply(proxy, at(0, others));
      proxy.awaitStat("listener_manager.total_filter_chains_draining", 1);
      clock.advance(Duration.ofSeconds(9), proxy.loops());
      assertEchoes(client);
      clock.advance(Duration.ofSeconds(2), proxy.loops());
      assertEnd(client);
      proxy.awaitStat("listener_manager.total_filter_chains_draining", 0);
      assertEquals(1, proxy.stat("listener.l.downstream_cx_drained.filter_chain_removed"));
    }
  }

  @Test
  void aDrainIsSpreadOverItsTimeAndBeginsWithTheIdle() throws IOException {
    try (var proxy = ProxyFixture.start(clock, Configs.listener(ECHO))) {
      var clients = new ArrayList<Socket>();
      for (int i = 0; i < 4; i++) {
        clients.add(proxy.connect());
        assertEchoes(clients.getLast());
        clock.advance(Duration.ofSeconds(1), proxy.loops());
      }
      assertEchoes(clients.getFirst()); // the longest open one is the least idle now
      var drained = proxy.onMain(() -> proxy.listener().drain(Duration.ofSeconds(40)));
      assertThrows(ConnectException.class, () -> ProxyFixture.connect(1).close());
      for (int gone = 1; gone < 4; gone++) {
        clock.advance(Duration.ofSeconds(10), proxy.loops());
        assertEnd(clients.get(gone));
        assertEquals(4 - gone, proxy.stat("listener.l.downstream_cx_active"));
      }
      clock.advance(Duration.ofSeconds(9), proxy.loops());
      assertEchoes(clients.getFirst());
      assertFalse(drained.isDone());
      clock.advance(Duration.ofSeconds(2), proxy.loops());
      assertEnd(clients.getFirst());
      drained.orTimeout(30, TimeUnit.SECONDS).join();
      for (var client : clients) {
        client.close();
      }
    }
  }

  @Test
  void anImmediateDrainClosesWhoCannotBeAskedToLeaveWhenItsTimeIsOver() throws IOException {
    var immediate = DrainStrategy.IMMEDIATE;
    try (var proxy = ProxyFixture.start(clock, immediate, Configs.listener(ECHO));
        var one = proxy.connect();
        var two = proxy.connect()) {
      assertEchoes(one);
      assertEchoes(two);
      var drained = proxy.onMain(() -> proxy.listener().drain(Duration.ofSeconds(40)));
      clock.advance(Duration.ofSeconds(39), proxy.loops());
      assertEchoes(one);
      assertEchoes(two);
      clock.advance(Duration.ofSeconds(2), proxy.loops());
      assertEnd(one);
      assertEnd(two);
      drained.orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void aRemovedListenerRefusesAtOnceAndLetsItsConnectionsLiveOnAWhile() throws IOException {
    try (var proxy = ProxyFixture.start(clock, Configs.listener(ECHO));
        var client = proxy.connect()) {
      assertEchoes(client);
      int port = proxy.port();
      var drained = proxy.onMain(() -> proxy.listener().drain(Duration.ofSeconds(10)));
      assertThrows(ConnectException.class, () -> ProxyFixture.connect(port).close());
      assertEchoes(client);
      client.close();
      drained.orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void aListenerWithoutConnectionsIsDrainedAtOnce() {
    try (var proxy = ProxyFixture.start(2, Configs.listener(ECHO))) {
      CompletableFuture<Void> drained =
          proxy.onMain(() -> proxy.listener().drain(Duration.ofHours(1)));
      drained.orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void aListenerThatMovesListensAtTheNewAddressAndKeepsItsConnections() throws IOException {
    try (var proxy = ProxyFixture.start(Configs.listener(ECHO));
        var client = proxy.connect()) {
      assertEchoes(client);
      int before = proxy.port();
      var free = (Address.Socket) Upstream.deadAddress();
      apply(proxy, at(free.port(), ECHO));
      assertEquals(free.port(), proxy.port());
      assertThrows(ConnectException.class, () -> ProxyFixture.connect(before).close());
      try (var another = proxy.connect()) {
        assertEchoes(another);
        assertEchoes(client);
      }
    }
  }

  @Test
  void anUpdateThatCannotBeBoundChangesNothing() throws IOException {
    try (var other = Upstream.listen();
        var proxy = ProxyFixture.start(Configs.listener(ECHO))) {
      var next = Configs.listener(1 << 20, other.address());
      assertTrue(proxy.update(next) instanceof ListenerOutcome.Refused);
      try (var client = proxy.connect()) {
        assertEchoes(client);
      }
    }
  }

  @Test
  void theSharingOfAPortCannotBeChanged() {
    try (var proxy = ProxyFixture.start(Configs.listener(ECHO))) {
      var config = Configs.listener(ECHO);
      var unshared =
          new ListenerConfig(
              config.name(),
              Configs.bind(false, Configs.ANY_PORT),
              config.inspection(),
              config.chains(),
              config.report(),
              config.bufferLimit());
      assertEquals(
          new ListenerOutcome.Refused("Listener l: reuse port cannot be changed during an update"),
          proxy.update(unshared));
    }
  }

  @Test
  void closingEndsAllConnectionsAndSaysWhy() throws Exception {
    try (var log = new LogFile("%DOWNSTREAM_LOCAL_CLOSE_REASON%");
        var up = Upstream.listen()) {
      var logging = Configs.tcpProxy(log.atEnd());
      try (var proxy =
              ProxyFixture.start(2, at(0, Configs.chain(FilterChainMatch.ANY, logging)))
                  .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), up.address()));
          var client = proxy.connect();
          var server = up.accept()) {
        proxy.awaitStat("cluster.up.upstream_rq_total", 1);
        proxy.onMain(proxy.listener()::close).orTimeout(30, TimeUnit.SECONDS).join();
        assertEnd(client);
        assertEnd(server);
        assertEquals(
            List.of("purging_socket_that_have_not_progressed_to_connections"), log.await(1));
      }
    }
  }
}
