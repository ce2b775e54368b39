package dev.weir.lab;

import static dev.weir.lab.Peer.EOF;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.transport.Transport;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How the end of one side of a proxied connection reaches the other side.
class TcpProxyCloseTest {

  private static final int MUCH = 3_000_000;

  /// What is done on a fresh connection, and what comes of it.
  private record Case(String name, String outcome, Action action) {
    interface Action {
      String run(Peer client, Peer server) throws IOException;
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case(
              "the client finishes, the server answers later",
              "server: EOF, client: late, EOF",
              (client, server) -> {
                client.finish();
                var seen = server.line();
                server.send("late\n");
                server.close();
                return "server: " + seen + ", client: " + client.line() + ", " + client.end();
              }),
          new Case(
              "the client sends and finishes at once",
              "server: question, EOF, client: answer, EOF",
              (client, server) -> {
                client.send("question\n");
                client.finish();
                var seen = server.line() + ", " + server.end();
                server.send("answer\n");
                server.close();
                return "server: " + seen + ", client: " + client.line() + ", " + client.end();
              }),
          new Case(
              "the server finishes, the client sends more",
              "client: EOF, server: more, EOF",
              (client, server) -> {
                server.finish();
                var seen = client.line();
                client.send("more\n");
                client.close();
                return "client: " + seen + ", server: " + server.line() + ", " + server.end();
              }),
          new Case(
              "both finish, the client first",
              "server: EOF, client: EOF",
              (client, server) -> {
                client.finish();
                var seen = server.end();
                server.finish();
                return "server: " + seen + ", client: " + client.end();
              }),
          new Case(
              "the client resets",
              "server: RST",
              (client, server) -> {
                client.reset();
                return "server: " + server.end();
              }),
          new Case(
              "the server resets",
              "client: RST",
              (client, server) -> {
                client.send("hello\n");
                server.line();
                server.reset();
                return "client: " + client.end();
              }),
          new Case(
              "the server speaks first",
              "client: 220 ready",
              (client, server) -> {
                server.send("220 ready\n");
                return "client: " + client.line();
              }),
          new Case(
              "the client sends much and closes",
              "true",
              (client, server) -> {
                var sent = client.sendBytesAside(MUCH, 1);
                var got = Peer.checksum(server.rest());
                return String.valueOf(sent.join() == got);
              }),
          new Case(
              "the server sends much and closes",
              "true",
              (client, server) -> {
                var sent = server.sendBytesAside(MUCH, 2);
                var got = Peer.checksum(client.rest());
                return String.valueOf(sent.join() == got);
              }));

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void theEndOfOneSideReachesTheOther(ProxyKind kind) throws Exception {
    try (var backend = Backend.start();
        var proxy = start(kind, backend.port())) {
      var port = proxy.port("gateway");
      assertAll(CASES.stream().map(it -> check(it, port, backend)));
    }
  }

  /// Epoll is what the others run on.
  @ParameterizedTest
  @EnumSource(names = {"IO_URING", "NIO"})
  void theEndOfOneSideReachesTheOtherOverEachTransport(Transport transport) throws Exception {
    var obstacle = transport.obstacle();
    assumeTrue(obstacle == null, () -> "SKIPPED: no " + transport + " here: " + obstacle);
    try (var backend = Backend.start();
        var proxy =
            Proxy.startWith("-Ddev.weir.transport=" + transport, bootstrap(backend.port()))) {
      assertTrue(proxy.errors().contains("transport: " + transport));
      var port = proxy.port("gateway");
      assertAll(CASES.stream().map(it -> check(it, port, backend)));
    }
  }

  @Test
  void whereThereIsNoEpollItIsSaidOnceAndTheJdkTakesItsPlace() throws Exception {
    try (var backend = Backend.start();
        var proxy =
            Proxy.startWith("-Dio.netty.transport.noNative=true", bootstrap(backend.port()))) {
      var told = proxy.errors().lines().filter(it -> it.contains("no epoll here")).toList();
      assertEquals(1, told.size(), told::toString);
      assertAll(check(CASES.getFirst(), proxy.port("gateway"), backend));
    }
  }

  private static Executable check(Case it, int port, Backend backend) {
    return () -> {
      try (var client = Peer.connect(port);
          var server = backend.accept()) {
        assertEquals(it.outcome, it.action.run(client, server), it.name);
      }
    };
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aServerThatClosesAtOnceClosesTheClient(ProxyKind kind) throws Exception {
    try (var backend = Backend.start();
        var proxy = start(kind, backend.port())) {
      var port = proxy.port("gateway");
      try (var client = Peer.connect(port)) {
        backend.accept().close();
        assertEquals(EOF, client.end());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aServerThatRefusesClosesTheClient(ProxyKind kind) throws Exception {
    var backend = Backend.start();
    backend.close();
    try (var proxy = start(kind, backend.port());
        var client = Peer.connect(proxy.port("gateway"))) {
      assertEquals(EOF, client.end());
    }
  }

  private static Proxy start(ProxyKind kind, int backend) throws IOException {
    return Proxy.start(kind, bootstrap(backend));
  }

  private static String bootstrap(int backend) {
    var listener = Bootstraps.listener("gateway", "cluster: service");
    var cluster = Bootstraps.cluster("service", backend);
    return Bootstraps.of(Stream.of(listener), Stream.of(cluster));
  }
}
