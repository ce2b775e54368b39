package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What operators do before they take a gateway away, on Envoy and on Weir: health checks that fail
/// on purpose, and listeners that drain.
class DrainComparisonTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final List<String> LISTENERS = List.of("in", "out", "web", "modest");

  @Test
  void operatorsHaveTheSameWaysToDrain() throws IOException {
    var expected = observe(ProxyKind.ENVOY);
    assertEquals(expected.text(), observe(ProxyKind.WEIR).text());
  }

  private static Seen observe(ProxyKind kind) throws IOException {
    var seen = new Seen();
    try (var echo = Echo.start("echo", ANY)) {
      try (var proxy =
          Proxy.start(
              kind,
              bootstrap(echo.port()),
              "--drain-time-s",
              "600",
              "--drain-strategy",
              "immediate")) {
        stepByStep(proxy, seen);
      }
      try (var proxy = Proxy.start(kind, bootstrap(echo.port()), "--drain-time-s", "1")) {
        var ports = proxy.ports();
        proxy.post("/drain_listeners?graceful");
        awaitRefusal(ports, LISTENERS);
        seen.put("graceful, after the drain time", "refused");
      }
    }
    return seen;
  }

  private static void stepByStep(Proxy proxy, Seen seen) throws IOException {
    var ports = proxy.ports();
    try (var in = Peer.connect(port(ports, "in"));
        var out = Peer.connect(port(ports, "out"))) {
      in.ask("before");
      out.ask("before");
      look("1 at first", proxy, ports, seen);
      proxy.post("/healthcheck/fail");
      look("2 failing", proxy, ports, seen);
      proxy.post("/healthcheck/ok");
      look("3 well again", proxy, ports, seen);
      proxy.post("/drain_listeners?graceful&skip_exit");
      look("4 draining, and accepting", proxy, ports, seen);
      proxy.post("/drain_listeners?inboundonly");
      awaitRefusal(ports, List.of("in"));
      look("5 without inbound ones", proxy, ports, seen);
      proxy.post("/drain_listeners");
      awaitRefusal(ports, LISTENERS);
      look("6 without listeners", proxy, ports, seen);
      seen.put("open inbound connection", in.ask("after"));
      seen.put("open outbound connection", out.ask("after"));
    }
  }

  @Test
  void clientsOfHttp2AreAskedToLeaveTheSameWay() throws IOException {
    var expected = observeHttp2(ProxyKind.ENVOY);
    assertEquals(expected.text(), observeHttp2(ProxyKind.WEIR).text());
  }

  private static Seen observeHttp2(ProxyKind kind) throws IOException {
    var seen = new Seen();
    var flags = new String[] {"--drain-time-s", "600", "--drain-strategy", "immediate"};
    try (var echo = HttpEcho.start();
        var proxy =
            Proxy.start(
                kind,
                Bootstraps.of(
                    Stream.of(
                        Bootstraps.web("web", "route: { cluster: echo, timeout: 0s }")
                            + "        drain_timeout: 1s\n"),
                    Stream.of(Bootstraps.cluster("echo", echo.port()))),
                flags)) {
      int port = proxy.port("web");
      for (var way : List.of("/healthcheck/fail", "/drain_listeners?graceful&skip_exit")) {
        seen.put(way, drained(proxy, port, way));
        proxy.post("/healthcheck/ok");
      }
    }
    return seen;
  }

  /// What a client sees that has one request under way when the end comes, and makes another.
  private static String drained(Proxy proxy, int port, String way) throws IOException {
    var events = new ArrayList<String>();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Await.DEADLINE.toMillis());
      var in = new DataInputStream(socket.getInputStream());
      var out = socket.getOutputStream();
      out.write(Http2Frames.preface().request(1, true, "GET", "/up").bytes());
      read(in, events, 2);
      var ping = new Http2Frames().request(3, false, "POST", "/up");
      out.write(ping.frame(Http2Frames.PING, 0, 0, new byte[8]).bytes());
      read(in, events, 3);
      proxy.post(way);
      out.write(new Http2Frames().request(5, true, "GET", "/up").bytes());
      read(in, events, 7); // its answer, that the end comes, and that it has come
      out.write(
          new Http2Frames()
              .frame(Http2Frames.DATA, Http2Frames.END_STREAM, 3, new byte[] {'x'})
              .bytes());
      read(in, events, Integer.MAX_VALUE);
    } catch (EOFException _) {
      events.add("over");
    }
    return String.join(", ", events);
  }

  private static void read(DataInputStream in, List<String> events, int upTo) throws IOException {
    while (events.size() < upTo) {
      HttpLifeCase.frame(in, events);
    }
  }

  private static int port(Map<String, Integer> ports, String listener) {
    return ports.getOrDefault(listener, 0);
  }

  private static void awaitRefusal(Map<String, Integer> ports, List<String> listeners) {
    for (var listener : listeners) {
      Await.until(
          listener + " refuses", () -> ask(listener, port(ports, listener)), "refused"::equals);
    }
  }

  private static void look(String when, Proxy proxy, Map<String, Integer> ports, Seen seen)
      throws IOException {
    seen.put(when + ": ready", ready(proxy));
    for (var listener : LISTENERS) {
      seen.put(when + ": " + listener, ask(listener, port(ports, listener)));
    }
  }

  private static String ready(Proxy proxy) {
    try {
      return proxy.get("/ready").strip();
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).strip();
    }
  }

  /// What a new client gets: an answer, and over HTTP whether it is asked to leave.
  private static String ask(String listener, int port) throws IOException {
    try (var client = Peer.connect(port)) {
      if (listener.equals("in") || listener.equals("out")) {
        return client.ask("hello");
      }
      client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      var status = client.line().strip();
      boolean close = false;
      for (var line = client.line().strip(); !line.isEmpty(); line = client.line().strip()) {
        close |= line.equalsIgnoreCase("connection: close");
      }
      return status + (close ? " and close" : "");
    } catch (ConnectException _) {
      return "refused";
    }
  }

  private static String bootstrap(int echo) {
    return Bootstraps.of(
        Stream.of(
            Bootstraps.listener("in", "cluster: echo") + "  traffic_direction: INBOUND\n",
            Bootstraps.listener("out", "cluster: echo") + "  traffic_direction: OUTBOUND\n",
            web("web"),
            web("modest") + "  drain_type: MODIFY_ONLY\n"),
        Stream.of(Bootstraps.cluster("echo", echo)));
  }

  private static String web(String name) {
    return Bootstraps.web(name, "direct_response: { status: 200 }");
  }
}
