package dev.weir.tcpproxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.FilterChainMatch;
import dev.weir.listener.Configs;
import dev.weir.listener.ProxyFixture;
import dev.weir.listener.Upstream;
import dev.weir.transport.Leaks;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Both sides of a connection are real sockets, held by the test.
@SuppressWarnings("try") // who closes first, and when, is what this is about
class RelayTest {
  private static final String CX = "cluster.up.upstream_cx_";

  private Upstream upstream;
  private ProxyFixture proxy;

  @BeforeAll
  static void watch() {
    Leaks.watch();
  }

  @AfterAll
  static void nothingHasLeaked() throws InterruptedException {
    Leaks.assertNone();
  }

  @BeforeEach
  void start() {
    upstream = Upstream.listen();
    proxy =
        ProxyFixture.start(
                Configs.listener(Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy())))
            .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), upstream.address()));
  }

  @AfterEach
  void stop() {
    proxy.close();
    upstream.close();
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static String receive(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), US_ASCII);
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private static void assertEnd(Socket socket) throws IOException {
    assertEquals(-1, socket.getInputStream().read());
  }

  private static void assertReset(Socket socket) {
    var end = assertThrows(SocketException.class, () -> socket.getInputStream().read());
    assertEquals("Connection reset", end.getMessage());
  }

  @Test
  void bytesGoBothWays() throws IOException {
    try (var client = proxy.connect();
        var server = upstream.accept()) {
      send(server, "220 hi");
      assertEquals("220 hi", receive(client, 6));
      send(client, "hello");
      assertEquals("hello", receive(server, 5));
    }
  }

  @Test
  void afterTheClientsFinTheAnswerStillComes() throws IOException {
    try (var client = proxy.connect();
        var server = upstream.accept()) {
      send(client, "question");
      client.shutdownOutput();
      assertEquals("question", receive(server, 8));
      assertEnd(server);
      send(server, "answer");
      assertEquals("answer", receive(client, 6));
      server.close();
      assertEnd(client);
      proxy.awaitStat(CX + "destroy_remote", 1);
      assertEquals(1, proxy.stat(CX + "destroy_remote_with_active_rq"));
    }
  }

  @Test
  void afterTheUpstreamsFinTheClientMaySendOn() throws IOException {
    try (var client = proxy.connect();
        var server = upstream.accept()) {
      server.shutdownOutput();
      assertEnd(client);
      send(client, "more");
      assertEquals("more", receive(server, 4));
      client.close();
      assertEnd(server);
      proxy.awaitStat(CX + "destroy_local", 1);
    }
  }

  @Test
  void aClientsResetReachesTheUpstream() throws IOException {
    try (var client = proxy.connect();
        var server = upstream.accept()) {
      reset(client);
      assertReset(server);
      proxy.awaitStat(CX + "destroy_local", 1);
    }
  }

  @Test
  void anUpstreamsResetReachesTheClient() throws IOException {
    try (var client = proxy.connect();
        var server = upstream.accept()) {
      proxy.awaitStat("cluster.up.upstream_rq_total", 1);
      reset(server);
      assertReset(client);
      proxy.awaitStat(CX + "destroy_remote", 1);
    }
  }

  @Test
  void aClientThatSendsMuchAndLeavesIsHeardToTheEnd() throws Exception {
    var payload = new byte[3_000_000];
    new Random(7).nextBytes(payload);
    try (var server = sendAndLeave(payload)) {
      assertArrayEquals(payload, server.getInputStream().readAllBytes());
    }
  }

  private Socket sendAndLeave(byte[] payload) throws Exception {
    try (var client = proxy.connect()) {
      var server = upstream.accept();
      meanwhile(() -> write(client, payload)).get();
      return server;
    }
  }

  /// Blocks on a thread of its own.
  private static <T> Future<T> meanwhile(Callable<T> task) {
    var future = new FutureTask<>(task);
    Thread.ofVirtual().start(future);
    return future;
  }

  private static int write(Socket socket, byte[] payload) throws IOException {
    socket.getOutputStream().write(payload);
    return payload.length;
  }

  @Test
  void muchGoesBothWaysAtOnce() throws Exception {
    var up = new byte[5_000_000];
    var down = new byte[5_000_000];
    new Random(8).nextBytes(up);
    new Random(9).nextBytes(down);
    try (var client = proxy.connect();
        var server = upstream.accept()) {
      var uploading = meanwhile(() -> write(client, up));
      var downloading = meanwhile(() -> write(server, down));
      var received = meanwhile(() -> readExactly(server, up.length));
      assertArrayEquals(down, readExactly(client, down.length));
      assertArrayEquals(up, received.get());
      uploading.get();
      downloading.get();
    }
    proxy.awaitStat("tcp.p.downstream_cx_rx_bytes_total", up.length);
    assertEquals(up.length, proxy.stat(CX + "tx_bytes_total"));
    assertEquals(down.length, proxy.stat(CX + "rx_bytes_total"));
    assertEquals(down.length, proxy.stat("tcp.p.downstream_cx_tx_bytes_total"));
  }

  private static byte[] readExactly(Socket socket, int length) throws IOException {
    return socket.getInputStream().readNBytes(length);
  }

  @Test
  void aClientThatDoesNotReadStopsTheReadingFromTheUpstream() throws Exception {
    int length = 40_000_000;
    try (var client = proxy.connect();
        var server = upstream.accept()) {
      var sending = meanwhile(() -> write(server, new byte[length]));
      proxy.awaitStatAtLeast("cluster.up.upstream_flow_control_paused_reading_total", 1);
      assertTrue(proxy.stat(CX + "rx_bytes_total") < length);
      assertEquals(length, readExactly(client, length).length);
      sending.get();
    }
    proxy.awaitStat(CX + "active", 0);
    assertEquals(
        proxy.stat("cluster.up.upstream_flow_control_paused_reading_total"),
        proxy.stat("cluster.up.upstream_flow_control_resumed_reading_total"));
  }

  @Test
  void whatAClientHasSentIsFlushedWhenItIsGone() throws Exception {
    int length = 60_000_000;
    try (var client = proxy.connect();
        var server = upstream.accept()) {
      server.shutdownOutput();
      assertEnd(client);
      var sending = meanwhile(() -> write(client, new byte[length]));
      proxy.awaitStatAtLeast("tcp.p.downstream_flow_control_paused_reading_total", 1);
      var received = meanwhile(() -> readExactly(server, length));
      sending.get();
      client.close();
      assertEquals(length, received.get().length);
      assertEnd(server);
    }
    proxy.awaitStat("tcp.p.upstream_flush_active", 0);
  }
}
