package dev.weir.upstream.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.weir.config.UpstreamHttpConfig.Keepalive;
import dev.weir.listener.Upstream;
import dev.weir.transport.Leaks;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Which connection a request gets, and how long connections are kept.
class HttpPoolsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

  @BeforeAll
  static void watchBuffers() {
    Leaks.watch();
  }

  @Test
  void aConnectionIsUsedAgainOnceItsResponseIsRead() throws IOException {
    try (var host = Upstream.listen();
        var pool = new PoolFixture(host.address(), PoolFixture.http1(HOUR, 0))) {
      var first = pool.ask();
      try (var connection = host.accept()) {
        assertEquals("GET / HTTP/1.1\r\nhost: a\r\n\r\n", head(connection));
        say(connection, OK);
        assertEquals("200 hi", first.text());
        pool.await("upstream_rq_active", 0);
        var second = pool.ask();
        head(connection);
        say(connection, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
        assertEquals("204", second.text());
        pool.await("upstream_cx_total", 1);
      }
    }
  }

  @Test
  void aConnectionThatTheHostWantsClosedIsNotUsedAgain() throws IOException {
    try (var host = Upstream.listen();
        var pool = new PoolFixture(host.address(), PoolFixture.http1(HOUR, 0))) {
      var first = pool.ask();
      try (var connection = host.accept()) {
        head(connection);
        say(connection, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        assertEquals("200", first.text());
        pool.await("upstream_cx_close_notify", 1);
        pool.await("upstream_cx_destroy_local", 1);
        assertEquals(-1, connection.getInputStream().read());
      }
    }
  }

  @Test
  void aBodyWithoutALengthEndsWithTheConnection() throws IOException {
    try (var host = Upstream.listen();
        var pool = new PoolFixture(host.address(), PoolFixture.http1(HOUR, 0))) {
      var answer = pool.ask();
      try (var connection = host.accept()) {
        head(connection);
        say(connection, "HTTP/1.1 200 OK\r\n\r\nall of it");
      }
      assertEquals("200 all of it ", answer.text());
    }
  }

  @Test
  void aResponseThatBreaksOffIsAReset() throws IOException {
    try (var host = Upstream.listen();
        var pool = new PoolFixture(host.address(), PoolFixture.http1(HOUR, 0))) {
      var answer = pool.ask();
      try (var connection = host.accept()) {
        head(connection);
        say(connection, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi");
      }
      assertEquals("protocol error", answer.text());
      pool.await("upstream_cx_destroy_with_active_rq", 1);
    }
  }

  @Test
  void whatIsNoHttpIsAProtocolError() throws IOException {
    try (var host = Upstream.listen();
        var pool = new PoolFixture(host.address(), PoolFixture.http1(HOUR, 0))) {
      for (var nonsense :
          new String[] {
            "what?\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nx: " + "y".repeat(61 * 1024) + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + "x: y\r\n".repeat(101) + "\r\n"
          }) {
        var answer = pool.ask();
        try (var connection = host.accept()) {
          head(connection);
          say(connection, nonsense);
          assertEquals("protocol error", answer.text(), nonsense);
        }
      }
      pool.await("upstream_cx_protocol_error", 5);
    }
  }

  @Test
  void whatFollowsAResponseIsNotTakenForTheNextOne() throws IOException {
    try (var host = Upstream.listen();
        var pool = new PoolFixture(host.address(), PoolFixture.http1(HOUR, 0))) {
      var first = pool.ask();
      try (var connection = host.accept()) {
        head(connection);
        say(connection, OK + "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil");
        assertEquals("200 hi", first.text());
        pool.await("upstream_cx_protocol_error", 1);
        pool.await("upstream_cx_active", 0);
      }
      var second = pool.ask();
      try (var connection = host.accept()) {
        head(connection);
        say(connection, OK);
        assertEquals("200 hi", second.text());
      }
    }
  }

  @Test
  void aConnectionTakesSoManyRequestsAndNoMore() throws IOException {
    try (var host = Upstream.listen();
        var pool = new PoolFixture(host.address(), PoolFixture.http1(HOUR, 1))) {
      for (int i = 0; i < 2; i++) {
        var answer = pool.ask();
        try (var connection = host.accept()) {
          head(connection);
          say(connection, OK);
          assertEquals("200 hi", answer.text());
          pool.await("upstream_cx_active", 0);
        }
      }
      pool.await("upstream_cx_max_requests", 2);
    }
  }

  @Test
  void anIdleConnectionIsClosedInTime() throws IOException {
    try (var host = Upstream.listen();
        var pool = new PoolFixture(host.address(), PoolFixture.http1(Duration.ofMinutes(1), 0))) {
      var answer = pool.ask();
      try (var connection = host.accept()) {
        head(connection);
        pool.turn(Duration.ofMinutes(2)); // while it is not idle
        say(connection, OK);
        assertEquals("200 hi", answer.text());
        pool.await("upstream_rq_active", 0);
        pool.turn(Duration.ofSeconds(59));
        pool.await("upstream_cx_active", 1);
        pool.turn(Duration.ofSeconds(2));
        pool.await("upstream_cx_idle_timeout", 1);
        pool.await("upstream_cx_active", 0);
      }
    }
  }

  @Test
  void nobodyWaitsLongerThanTheConnectTimeout() {
    try (var pool = new PoolFixture(Upstream.deadAddress(), PoolFixture.http1(HOUR, 0))) {
      assertEquals("remote connection failure", pool.ask().text());
      pool.await("upstream_rq_pending_failure_eject", 1);
      pool.await("upstream_cx_connect_fail", 1);
    }
  }

  @Test
  void requestsShareAConnectionWithinWhatTheHostAllows() throws InterruptedException {
    try (var host = new Http2Host(2, true);
        var pool = new PoolFixture(host.address(), PoolFixture.http2(Keepalive.NONE))) {
      var before = pool.ask();
      host.next().answer("200");
      assertEquals("200", before.text()); // what the host allows came before that
      var first = pool.ask();
      var one = host.next();
      var second = pool.ask();
      var two = host.next();
      assertSame(one.connection().channel(), two.connection().channel());
      var third = pool.ask();
      host.next().answer("203");
      assertEquals("203", third.text());
      pool.await("upstream_cx_http2_total", 2);
      two.answer("202");
      one.answer("201");
      assertEquals("202", second.text());
      assertEquals("201", first.text());
      pool.await("http2.streams_active", 0);
    }
  }

  @Test
  void aHostThatSaysGoAwayGetsNoNewRequests() throws InterruptedException {
    try (var host = new Http2Host(100, true);
        var pool = new PoolFixture(host.address(), PoolFixture.http2(Keepalive.NONE))) {
      var old = pool.ask();
      var request = host.next();
      request.goAway();
      pool.await("upstream_cx_close_notify", 1);
      var next = pool.ask();
      host.next().answer("202");
      assertEquals("202", next.text());
      pool.await("upstream_cx_total", 2);
      request.answer("201");
      assertEquals("201", old.text());
      pool.await("upstream_cx_active", 1);
    }
  }

  @Test
  void aStreamThatIsGivenUpLeavesItsConnectionToTheOthers() throws InterruptedException {
    try (var host = new Http2Host(1, true);
        var pool = new PoolFixture(host.address(), PoolFixture.http2(Keepalive.NONE))) {
      for (int i = 1; i <= 3; i++) {
        var given = pool.ask();
        host.next();
        given.reset();
        pool.await("http2.tx_reset", i);
        pool.await("http2.streams_active", 0);
      }
      pool.await("upstream_cx_total", 1);
    }
  }

  @Test
  void aHostThatDoesNotAnswerPingsIsLeft() throws InterruptedException {
    var every = new Keepalive(Duration.ofSeconds(10), Duration.ofSeconds(2), 0, Duration.ZERO);
    try (var host = new Http2Host(100, false);
        var pool = new PoolFixture(host.address(), PoolFixture.http2(every))) {
      var answer = pool.ask();
      host.next();
      pool.turn(Duration.ofSeconds(11));
      pool.await("upstream_cx_active", 1);
      pool.turn(Duration.ofSeconds(3));
      assertEquals("connection termination", answer.text());
      pool.await("http2.keepalive_timeout", 1);
    }
  }

  @Test
  void theConnectionsOfAClusterThatDrainsEndWithTheirRequests() throws InterruptedException {
    try (var host = new Http2Host(100, true);
        var pool = new PoolFixture(host.address(), PoolFixture.http2(Keepalive.NONE))) {
      var answer = pool.ask();
      var request = host.next();
      pool.cluster().http().drain();
      pool.await("upstream_cx_active", 1);
      request.answer("200");
      assertEquals("200", answer.text());
      pool.await("upstream_cx_active", 0);
    }
  }

  private static String head(Socket connection) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = connection.getInputStream().read();
      if (next < 0) {
        throw new IOException("no request: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void say(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
