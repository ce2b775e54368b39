package dev.weir.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.FilterChainConfig;
import dev.weir.config.FilterChainMatch;
import dev.weir.config.FilterChainMatch.Source;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerConfig.Inspection;
import dev.weir.config.ListenerFilterConfig.TlsInspector;
import dev.weir.config.NetworkFilterConfig.Echo;
import dev.weir.transport.Leaks;
import dev.weir.transport.ManualClock;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Connections whose chain depends on what they send first.
class InspectionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final ManualClock clock = new ManualClock();

  @BeforeAll
  static void watch() {
    Leaks.watch();
  }

  @AfterAll
  static void nothingHasLeaked() throws InterruptedException {
    Leaks.assertNone();
  }

  private static FilterChainConfig chainFor(String serverName) {
    var match =
        new FilterChainMatch(0, List.of(), List.of(serverName), "tls", List.of(), Source.ANY);
    return Configs.chain(match, new Echo());
  }

  private static FilterChainConfig chainForPlaintext() {
    var match = new FilterChainMatch(0, List.of(), List.of(), "raw_buffer", List.of(), Source.ANY);
    return Configs.chain(match, Configs.tcpProxy());
  }

  private static ListenerConfig listener(
      int maxSize, boolean continueOnTimeout, FilterChainConfig... chains) {
    var config = Configs.listener(chains);
    return new ListenerConfig(
        config.name(),
        config.bind(),
        new Inspection(
            List.of(new TlsInspector(maxSize, false, false, false)), TIMEOUT, continueOnTimeout),
        config.chains(),
        config.report(),
        config.bufferLimit());
  }

  private static byte[] hello(String serverName) throws Exception {
    var engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(serverName)));
    engine.setSSLParameters(parameters);
    var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    var bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  private static void assertEnd(Socket socket) throws IOException {
    assertEquals(-1, socket.getInputStream().read());
  }

  @Test
  void theServerNameDecidesAndEveryByteIsPassedOn() throws Exception {
    try (var proxy = ProxyFixture.start(listener(16_384, false, chainFor("*.example.com")));
        var client = proxy.connect()) {
      var hello = hello("foo.example.com");
      client.getOutputStream().write(hello, 0, 50);
      proxy.awaitStat("listener.l.downstream_pre_cx_active", 1);
      client.getOutputStream().write(hello, 50, hello.length - 50);
      assertArrayEquals(hello, client.getInputStream().readNBytes(hello.length));
      assertEquals(0, proxy.stat("listener.l.downstream_pre_cx_active"));
      assertEquals(1, proxy.stat("tls_inspector.sni_found"));
      client.getOutputStream().write('x');
      assertEquals('x', client.getInputStream().read());
    }
  }

  @Test
  void aNameThatNobodyServesIsTurnedAway() throws Exception {
    try (var proxy = ProxyFixture.start(listener(16_384, false, chainFor("a.example")));
        var client = proxy.connect()) {
      client.getOutputStream().write(hello("b.example"));
      proxy.awaitStat("listener.l.no_filter_chain_match", 1);
    }
  }

  @Test
  void plaintextIsToldApartAndWhatWasReadReachesTheUpstream() throws Exception {
    try (var up = Upstream.listen();
        var proxy =
            ProxyFixture.start(listener(16_384, false, chainFor("a.example"), chainForPlaintext()))
                .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), up.address()));
        var client = proxy.connect()) {
      client.getOutputStream().write("hello".getBytes(US_ASCII));
      client.shutdownOutput();
      try (var server = up.accept()) {
        assertEquals("hello", new String(server.getInputStream().readAllBytes(), US_ASCII));
        server.getOutputStream().write("bye".getBytes(US_ASCII));
        assertEquals("bye", new String(client.getInputStream().readNBytes(3), US_ASCII));
      }
      assertEquals(1, proxy.stat("tls_inspector.tls_not_found"));
    }
  }

  @Test
  void aSilentClientIsClosedWhenTheTimeIsOver() throws IOException {
    try (var proxy = ProxyFixture.start(clock, listener(16_384, false, chainFor("a.example")));
        var client = proxy.connect()) {
      proxy.awaitStat("listener.l.downstream_pre_cx_active", 1);
      clock.advance(Duration.ofSeconds(16), proxy.loops());
      assertEnd(client);
      assertEquals(1, proxy.stat("listener.l.downstream_pre_cx_timeout"));
      assertEquals(0, proxy.stat("listener.l.downstream_pre_cx_active"));
    }
  }

  @Test
  void aSilentClientIsLetInWithWhatIsKnownIfThatIsConfigured() throws IOException {
    try (var up = Upstream.listen();
        var proxy =
            ProxyFixture.start(clock, listener(16_384, true, chainForPlaintext()))
                .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), up.address()));
        var client = proxy.connect()) {
      proxy.awaitStat("listener.l.downstream_pre_cx_active", 1);
      clock.advance(Duration.ofSeconds(16), proxy.loops());
      try (var server = up.accept()) {
        server.getOutputStream().write('s');
        assertEquals('s', client.getInputStream().read());
      }
    }
  }

  @Test
  void aClientThatLeavesMeanwhileIsCounted() throws IOException {
    try (var proxy = ProxyFixture.start(listener(16_384, false, chainFor("a.example")))) {
      try (var client = proxy.connect()) {
        proxy.awaitStat("listener.l.downstream_pre_cx_active", 1);
        client.getOutputStream().write(22);
      }
      proxy.awaitStat("listener.l.downstream_listener_filter_remote_close", 1);
      assertEquals(0, proxy.stat("listener.l.downstream_pre_cx_active"));
    }
  }

  @Test
  void aHelloBeyondTheLimitIsRefused() throws Exception {
    try (var proxy = ProxyFixture.start(listener(100, false, chainFor("a.example")));
        var client = proxy.connect()) {
      client.getOutputStream().write(hello("a.example"), 0, 120);
      proxy.awaitStat("tls_inspector.client_hello_too_large", 1);
      assertEquals(1, proxy.stat("tls_inspector.client_hello_too_large"));
    }
  }

  @Test
  void whoIsBeingLookedAtIsClosedWithTheListener() throws IOException {
    try (var proxy = ProxyFixture.start(listener(16_384, false, chainFor("a.example")));
        var client = proxy.connect()) {
      proxy.awaitStat("listener.l.downstream_pre_cx_active", 1);
      proxy.onMain(proxy.listener()::close).join();
      assertEnd(client);
    }
  }
}
