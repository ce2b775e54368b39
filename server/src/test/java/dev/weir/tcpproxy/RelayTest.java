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
import dev.weir.transport.Transport;
import dev.weir.transport.Transports;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Both sides of a connection are real sockets, held by the test. All promises are the same whether
/// bytes are copied or spliced, and where there is no epoll.
@ParameterizedClass
@EnumSource(RelayTest.Manner.class)
@SuppressWarnings("try") // who closes first, and when, is what this is about
class RelayTest {
  private static final String CX = "cluster.up.upstream_cx_";

  /// How the bytes move at the time when something happens.
  enum Manner {
    COPIED(Transport.EPOLL, 0),
    SPLICED(Transport.EPOLL, 4_000_000),
    IO_URING(Transport.IO_URING, 0),
    NIO(Transport.NIO, 0);

    private final Transport transport;

    /// How many bytes go each way before.
    private final int before;

    Manner(Transport transport, int before) {
      this.transport = transport;
      this.before = before;
    }
  }

  @Parameter
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Manner manner;

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
    Transports.assumeWork(manner.transport);
    upstream = Upstream.listen();
    proxy =
        ProxyFixture.start(
                manner.transport,
                Configs.listener(Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy())))
            .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), upstream.address()));
  }

  @AfterEach
  void stop() {
    if (manner.transport.obstacle() == null) {
      proxy.close();
      upstream.close();
    }
  }

  private Socket connect() throws IOException {
    return proxy.connect();
  }

  /// The other side of a connection, once as much has gone each way as the manner asks for.
  private Socket accept(Socket client) throws Exception {
    var server = upstream.accept();
    if (manner == Manner.SPLICED) {
      exchange(client, server, manner.before);
    }
    return server;
  }

  private static void exchange(Socket client, Socket server, int length) throws Exception {
    var payload = new byte[length];
    new Random(length).nextBytes(payload);
    var up = meanwhile(() -> write(client, payload));
    assertArrayEquals(payload, readExactly(server, length));
    var down = meanwhile(() -> write(server, payload));
    assertArrayEquals(payload, readExactly(client, length));
    up.get();
    down.get();
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
  void bytesGoBothWays() throws Exception {
    try (var client = connect();
        var server = accept(client)) {
      send(server, "220 hi");
      assertEquals("220 hi", receive(client, 6));
      send(client, "hello");
      assertEquals("hello", receive(server, 5));
    }
  }

  @Test
  void afterTheClientsFinTheAnswerStillComes() throws Exception {
    try (var client = connect();
        var server = accept(client)) {
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
  void afterTheUpstreamsFinTheClientMaySendOn() throws Exception {
    try (var client = connect();
        var server = accept(client)) {
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
  void aClientsResetReachesTheUpstream() throws Exception {
    try (var client = connect();
        var server = accept(client)) {
      reset(client);
      assertReset(server);
      proxy.awaitStat(CX + "destroy_local", 1);
    }
  }

  @Test
  void anUpstreamsResetReachesTheClient() throws Exception {
    try (var client = connect();
        var server = accept(client)) {
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
    try (var client = connect()) {
      var server = accept(client);
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
    try (var client = connect();
        var server = accept(client)) {
      var uploading = meanwhile(() -> write(client, up));
      var downloading = meanwhile(() -> write(server, down));
      var received = meanwhile(() -> readExactly(server, up.length));
      assertArrayEquals(down, readExactly(client, down.length));
      assertArrayEquals(up, received.get());
      uploading.get();
      downloading.get();
    }
    long all = (long) manner.before + up.length; // and down is as long
    proxy.awaitStat("tcp.p.downstream_cx_rx_bytes_total", all);
    proxy.awaitStat(CX + "tx_bytes_total", all);
    proxy.awaitStat(CX + "rx_bytes_total", all);
    proxy.awaitStat("tcp.p.downstream_cx_tx_bytes_total", all);
  }

  private static byte[] readExactly(Socket socket, int length) throws IOException {
    return socket.getInputStream().readNBytes(length);
  }

  @Test
  void aClientThatDoesNotReadStopsTheReadingFromTheUpstream() throws Exception {
    int length = 40_000_000;
    try (var client = connect();
        var server = accept(client)) {
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
  void bulkAndChatTakeTurns() throws Exception {
    try (var client = connect();
        var server = accept(client)) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 40; i++) {
          send(client, "ping" + i % 10);
          assertEquals("ping" + i % 10, receive(server, 5));
          send(server, "pong");
          assertEquals("pong", receive(client, 4));
        }
        exchange(client, server, 3_000_000 + round);
      }
    }
  }

  @Test
  void aPipeIsHeldOnlyWhileBytesAreInIt() throws Exception {
    try (var client = connect();
        var server = accept(client)) {
      var sending = meanwhile(() -> write(server, new byte[40_000_000]));
      proxy.awaitStatAtLeast("cluster.up.upstream_flow_control_paused_reading_total", 1);
      assertEquals(40_000_000, readExactly(client, 40_000_000).length);
      sending.get();
      assertTrue(openPipes() <= 8, "pipes that stay open for later: " + openPipes());
    }
  }

  private static long openPipes() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(RelayTest::isPipe).count() / 2;
    }
  }

  private static boolean isPipe(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("pipe:");
    } catch (IOException _) {
      return false; // closed meanwhile
    }
  }

  @Test
  void whatAClientHasSentIsFlushedWhenItIsGone() throws Exception {
    int length = 60_000_000;
    try (var client = connect();
        var server = accept(client)) {
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
