package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Clients that send much that costs them little, over HTTP/2, on Envoy and on Weir: each is cut
/// off, and counted, and the next one is served.
class Http2FloodComparisonTest {
  private static final int MANY = 30_000;

  /// Where the client leaves after so many events; everybody else waits to be cut off.
  private static final Map<String, Integer> LEAVES =
      Map.of("a request", 1, "large headers", 1, "no window", 2, "half a request", 2);

  /// Where Weir ends the connection, and Envoy answers the request, does not count, or refuses
  /// streams that wait for answers before.
  private static final Map<String, String> OTHERWISE =
      Map.of(
          "pings", "closed [] {http2.outbound_control_flood=1}",
          "settings", "closed [] {http2.outbound_control_flood=1}",
          "answers", "closed [] {http2.outbound_flood=1}",
          "endless headers", "closed [] {http.h.downstream_cx_protocol_error=1}",
          "half a head", "closed [] {http.h.downstream_rq_header_timeout=1}");

  private static final Pattern COUNTED =
      Pattern.compile(
          "http2\\.(?!goaway|nghttp2|tx_flush|.*_active|pending|deferred|rx_messaging|rx_reset|tx_reset)\\w+"
              + "|http\\.h\\.(downstream_cx_protocol_error|downstream_rq_too_many_premature_resets"
              + "|downstream_rq_idle_timeout|downstream_rq_header_timeout)");

  private static final String BOOTSTRAP =
      """
      static_resources:
        listeners:
        - name: web
          address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
          socket_options: [{ level: 1, name: 7, int_value: 8192, state: STATE_PREBIND }]
          filter_chains:
          - filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: h
                stream_idle_timeout: 1s
                request_headers_timeout: 10s # longer than any flood takes to arrive
                http2_protocol_options: { max_concurrent_streams: 100, max_outbound_frames: 500 }
                route_config:
                  virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                    - match: { prefix: /moved }
                      redirect: { host_redirect: other.com }
                    - match: { prefix: / }
                      direct_response: { status: 200, body: { inline_string: "an answer" } }
                http_filters:
                - name: envoy.filters.http.router
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
      """;

  @Test
  void everyFloodIsCutOffAndCounted() throws IOException {
    var floods = floods();
    var expected = observe(ProxyKind.ENVOY, floods);
    expected.replaceAll((name, seen) -> OTHERWISE.getOrDefault(name, seen));
    assertEquals(lines(expected), lines(observe(ProxyKind.WEIR, floods)));
  }

  private static String lines(Map<String, String> seen) {
    return String.join("\n", seen.entrySet().stream().map(Object::toString).toList());
  }

  private static Map<String, String> observe(ProxyKind kind, Map<String, byte[]> floods)
      throws IOException {
    var seen = new LinkedHashMap<String, String>();
    try (var proxy = Proxy.start(kind, BOOTSTRAP)) {
      int port = proxy.port("web");
      var before = counters(proxy);
      for (var flood : floods.entrySet()) {
        if (kind == ProxyKind.ENVOY && OTHERWISE.containsKey(flood.getKey())) {
          seen.put(flood.getKey(), "");
          continue;
        }
        var end = send(port, flood.getValue(), LEAVES.getOrDefault(flood.getKey(), 0));
        var after = counters(proxy);
        seen.put(flood.getKey(), end + " " + changes(before, after));
        before = after;
      }
    }
    return seen;
  }

  private static Map<String, Long> counters(Proxy proxy) throws IOException {
    var stats = new TreeMap<>(proxy.stats());
    stats.keySet().removeIf(name -> !COUNTED.matcher(name).matches());
    return stats;
  }

  private static Map<String, Long> changes(Map<String, Long> before, Map<String, Long> after) {
    var changes = new TreeMap<String, Long>();
    after.forEach((name, value) -> {
      long more = value - before.getOrDefault(name, 0L);
      if (more != 0) {
        changes.put(name, more);
      }
    });
    return changes;
  }

  /// Sends all of it, reading nothing meanwhile.
  ///
  /// @param leave after how many events
  /// @return whether the connection is left open or not, and the code of a reset stream if there is
  ///   one
  private static String send(int port, byte[] flood, int leave) throws IOException {
    var events = new ArrayList<String>();
    try (var socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout((int) Await.DEADLINE.toMillis());
      var writer = Thread.ofPlatform().daemon().start(() -> write(socket, flood));
      if (leave == 0) {
        writer.join(Await.DEADLINE); // reads nothing before it is cut off, or has sent all
      }
      var in = new DataInputStream(socket.getInputStream());
      while (leave == 0 || events.size() < leave) {
        int head = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        var payload = in.readNBytes(head >>> 8);
        if ((head & 0xff) == Http2Frames.RST_STREAM) {
          events.add("reset " + payload[3]);
        }
        if ((head & 0xff) == Http2Frames.HEADERS && events.isEmpty() && stream + flags > 0) {
          events.add("answered");
        }
      }
      return "open " + events;
    } catch (SocketTimeoutException _) {
      return "left open " + events;
    } catch (IOException _) {
      return "closed " + (leave == 0 ? "[]" : events); // what came before a reset may be lost
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void write(Socket socket, byte[] flood) {
    try {
      socket.getOutputStream().write(flood);
    } catch (IOException _) {
      // It was cut off.
    }
  }

  private static Map<String, byte[]> floods() {
    var floods = new LinkedHashMap<String, byte[]>();
    floods.put("a request", Http2Frames.preface().request(1, true, "GET", "/").bytes());
    floods.put("pings", repeat(1_000_000, Http2Frames.PING, 0, new byte[8]));
    floods.put("settings", repeat(2_000_000, Http2Frames.SETTINGS, 0, new byte[0]));
    floods.put("priorities", repeat(Http2Frames.PRIORITY, 1, 0, 0, 0, 0, 1));
    floods.put("windows", repeat(Http2Frames.WINDOW_UPDATE, 0, 0, 0, 0, 1));
    var resets = Http2Frames.preface();
    for (int i = 1; i < 4_000; i += 2) {
      resets
          .request(i, false, "POST", "/")
          .frame(Http2Frames.RST_STREAM, 0, i, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
    }
    floods.put("rapid resets", resets.bytes());
    var empty = Http2Frames.preface().request(1, false, "POST", "/");
    var continued =
        Http2Frames.preface()
            .frame(Http2Frames.HEADERS, Http2Frames.END_STREAM, 1, Http2Frames.block("GET", "/"));
    var large =
        Http2Frames.preface()
            .frame(Http2Frames.HEADERS, Http2Frames.END_STREAM, 1, Http2Frames.block("GET", "/"));
    for (int i = 0; i < MANY; i++) {
      empty.frame(Http2Frames.DATA, 0, 1);
      continued.frame(Http2Frames.CONTINUATION, 0, 1);
    }
    for (int i = 0; i < 100; i++) {
      large.frame(Http2Frames.CONTINUATION, 0, 1, header("x" + i, "y".repeat(5_000)));
    }
    var moved = Http2Frames.preface();
    for (int i = 1; i < 24_000; i += 2) { // more than the sockets' buffers hold
      moved.request(i, true, "GET", "/moved/" + "x".repeat(1_000));
    }
    floods.put("answers", moved.bytes());
    floods.put("empty data", empty.bytes());
    floods.put("continuations", continued.bytes());
    floods.put("endless headers", large.bytes());
    floods.put(
        "half a head",
        Http2Frames.preface()
            .frame(Http2Frames.HEADERS, 0, 1, Http2Frames.block("GET", "/"))
            .bytes());
    floods.put(
        "large headers",
        Http2Frames.preface().request(1, true, "GET", "/", "a", "b".repeat(15_000)).bytes());
    floods.put(
        "no window",
        Http2Frames.preface((byte) 0, (byte) 4, (byte) 0, (byte) 0, (byte) 0, (byte) 0)
            .request(1, true, "GET", "/")
            .bytes());
    floods.put("half a request", Http2Frames.preface().request(1, false, "POST", "/hold").bytes());
    return floods;
  }

  private static byte[] header(String name, String value) {
    var whole = Http2Frames.block("GET", "/", name, value);
    int skipped = Http2Frames.block("GET", "/").length;
    return Arrays.copyOfRange(whole, skipped, whole.length);
  }

  private static byte[] repeat(int type, int stream, int... payload) {
    var bytes = new byte[payload.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) payload[i];
    }
    return repeat(MANY, type, stream, bytes);
  }

  private static byte[] repeat(int times, int type, int stream, byte[] payload) {
    var frames = Http2Frames.preface();
    for (int i = 0; i < times; i++) {
      frames.frame(type, 0, stream, payload);
    }
    return frames.bytes();
  }
}
