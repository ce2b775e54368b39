package dev.weir.lab;

import static dev.weir.lab.HttpLifeCase.http1;
import static dev.weir.lab.HttpLifeCase.http2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The cases of [HttpLifeComparisonTest].
final class HttpLifeCases {
  /// Where Weir says why it ends the connection, and Envoy hangs up without a word.
  static final Map<String, String> OTHERWISE =
      Map.of(
          "a capital letter, false over HTTP/2", "goaway 1 1, over",
          "connection header, false over HTTP/2", "goaway 1 1, over",
          "line break, false over HTTP/2", "goaway 1 1, over");

  /// A listener that takes websockets.
  static final String WEBSOCKET =
      "upgrade_configs: [{ upgrade_type: websocket }]\n"
          + "          http2_protocol_options: { allow_connect: true }";

  private static final String GET = "GET / HTTP/1.1\r\nhost: h.com\r\n\r\n";
  private static final String POST =
      "POST /up HTTP/1.1\r\nhost: h.com\r\ncontent-length: 9\r\n\r\n";

  private HttpLifeCases() {}

  /// Clients that only have a proxy do everything once, so that no case waits for that.
  static List<HttpLifeCase> first() {
    return List.of(
        http1("first", "", 1, GET), http2("first", "", 2, preface().request(1, true, "GET", "/")));
  }

  static List<HttpLifeCase> all() {
    var all = new ArrayList<HttpLifeCase>();
    timeouts(all);
    limits(all);
    closing(all);
    odd(all);
    websockets(all);
    flushes(all);
    return all;
  }

  private static Http2Frames preface() {
    return Http2Frames.preface();
  }

  private static void timeouts(List<HttpLifeCase> all) {
    var idle =
        "common_http_protocol_options: { idle_timeout: 1.5s }\n          drain_timeout: 0.2s";
    all.add(http1("idle from the start", idle, 0));
    all.add(http1("idle after a request", idle, 0, GET));
    all.add(http2("idle from the start", idle, 0, preface()));
    all.add(http2("idle after a request", idle, 0, preface().request(1, true, "GET", "/")));
    var age =
        "common_http_protocol_options: { max_connection_duration: 1.5s }\n"
            + "          drain_timeout: 0.2s";
    all.add(http1("too old while idle", age, 0));
    all.add(http1("too old after a request", age, 0, GET));
    all.add(http2("too old while idle", age, 0, preface()));
    var rest =
        new Http2Frames().frame(Http2Frames.DATA, Http2Frames.END_STREAM, 1, new byte[] {'x'});
    all.add(
        http2(
            "too old within a request",
            age,
            0,
            preface().request(1, false, "POST", "/up"),
            new Http2Frames(),
            rest));
    var stream = "common_http_protocol_options: { max_stream_duration: 0.1s }";
    all.add(http1("a request too long", stream, 0, POST));
    all.add(http1("an answer too late", stream, 1, "GET /up/slow HTTP/1.1\r\nhost: h.com\r\n\r\n"));
    all.add(http2("a request too long", stream, 3, preface().request(1, false, "POST", "/up")));
    all.add(http2("an answer too late", stream, 2, preface().request(1, true, "GET", "/up/slow")));
    all.add(http1("request_timeout", "request_timeout: 1.5s", 0, POST));
    all.add(
        http2(
            "request_timeout",
            "request_timeout: 1.5s",
            3,
            preface().request(1, false, "POST", "/up")));
    all.add(http1("stream_idle_timeout", "stream_idle_timeout: 1.5s", 0, POST));
    all.add(
        http2(
            "stream_idle_timeout",
            "stream_idle_timeout: 1.5s",
            3,
            preface().request(1, false, "POST", "/up")));
    var slow = "request_headers_timeout: 1.5s";
    all.add(http1("half a head", slow, 0, "GET / HTTP/1.1\r\nhost: h.com\r\nx-more"));
    all.add(http1("half a second head", slow, 0, GET, "GET / HTTP/1.1\r\nhost"));
    all.add(http1("half a line", slow, 0, "GE"));
    var ping =
        "http2_protocol_options: { connection_keepalive: { interval: 0.5s, timeout: 0.5s } }";
    all.add(http2("a dead client", ping, 0, preface()));
  }

  private static void limits(List<HttpLifeCase> all) {
    var two = "common_http_protocol_options: { max_requests_per_connection: 2 }";
    all.add(http1("the last request", two, 0, GET, GET));
    all.add(
        http2(
            "the last request",
            two + "\n          drain_timeout: 0.2s",
            0,
            preface().request(1, true, "GET", "/").request(3, true, "GET", "/")));
    var few = "common_http_protocol_options: { max_headers_count: 3 }";
    all.add(
        http1("many headers", few, 0, "GET / HTTP/1.1\r\nhost: h\r\na: 1\r\nb: 2\r\nc: 3\r\n\r\n"));
    all.add(
        http2(
            "many headers",
            few,
            1,
            preface().request(1, true, "GET", "/", "a", "1", "b", "2", "c", "3", "d", "4")));
    var large = "x".repeat(3_000);
    var small = "max_request_headers_kb: 2";
    all.add(
        http1("large headers", small, 0, "GET / HTTP/1.1\r\nhost: h\r\na: " + large + "\r\n\r\n"));
    all.add(http2("large headers", small, 1, preface().request(1, true, "GET", "/", "a", large)));
    for (var action : List.of("REJECT_REQUEST", "DROP_HEADER")) {
      var underscores =
          "common_http_protocol_options: { headers_with_underscores_action: " + action + " }";
      boolean reject = action.equals("REJECT_REQUEST");
      all.add(
          http1(
              action, underscores, reject ? 0 : 1, "GET / HTTP/1.1\r\nhost: h\r\na_b: 1\r\n\r\n"));
      all.add(
          http2(
              action,
              underscores,
              reject ? 1 : 2,
              preface().request(1, true, "GET", "/", "a_b", "1")));
    }
  }

  private static void closing(List<HttpLifeCase> all) {
    var close = "GET / HTTP/1.1\r\nhost: h.com\r\nconnection: close\r\n\r\n";
    for (var delay : List.of("0s", "0.2s")) {
      all.add(http1("closing, " + delay, "delayed_close_timeout: " + delay, 0, close));
    }
    all.add(
        http1(
            "HTTP/1.0",
            "http_protocol_options: { accept_http_10: true }",
            0,
            "GET / HTTP/1.0\r\n\r\n"));
    all.add(http1("two at once", "", 2, GET + GET));
  }

  /// Over either version of HTTP, to a host that speaks HTTP/1, and to one that speaks HTTP/2.
  private static void websockets(List<HttpLifeCase> all) {
    var upgrade = " HTTP/1.1\r\nhost: h\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n";
    var data = new Http2Frames().frame(Http2Frames.DATA, 0, 1, new byte[] {'x'});
    for (var path : List.of("/up", "/hop")) {
      var name = "websocket to " + path;
      all.add(http1(name, WEBSOCKET, 2, "GET " + path + upgrade, "x\n\n"));
      all.add(http2(name, WEBSOCKET, 2, connect(path), data));
    }
    for (var path : List.of("/dead", "/up/status=200", "/up/status=403", "/first")) {
      var name = "no websocket to " + path;
      all.add(http1(name, WEBSOCKET, 0, "GET " + path + upgrade));
      boolean body = !path.endsWith("200");
      all.add(http2(name, WEBSOCKET, body ? 3 : 2, connect(path)));
    }
    var unwanted = "http2_protocol_options: { allow_connect: true }";
    all.add(http1("unwanted websocket", unwanted, 0, "GET /up" + upgrade));
    all.add(http2("unwanted websocket", unwanted, 2, connect("/up")));
  }

  private static Http2Frames connect(String path) {
    return preface().request(1, false, "CONNECT", path, ":protocol", "websocket");
  }

  private static void odd(List<HttpLifeCase> all) {
    for (var option : List.of(false, true)) {
      var options =
          "http2_protocol_options: { override_stream_error_on_invalid_http_message: "
              + option
              + " }";
      int leave = option ? 1 : 0;
      all.add(
          http2(
              "a capital letter, " + option,
              options,
              leave,
              preface().request(1, true, "GET", "/", "Upper", "1")));
      all.add(
          http2(
              "connection header, " + option,
              options,
              leave,
              preface().request(1, true, "GET", "/", "connection", "close")));
      all.add(
          http2(
              "line break, " + option,
              options,
              leave,
              preface().request(1, true, "GET", "/", "a", "b\r\nc: d")));
    }
    all.add(
        http2(
            "trailers",
            "",
            2,
            preface()
                .request(1, false, "GET", "/up")
                .frame(
                    Http2Frames.HEADERS,
                    Http2Frames.END_HEADERS | Http2Frames.END_STREAM,
                    1,
                    new byte[] {0, 1, 'a', 1, 'b'})));
    all.add(
        http2(
            "settings of a bad size",
            "",
            0,
            preface().frame(Http2Frames.SETTINGS, 0, 0, new byte[] {1})));
    all.add(
        http2("data on no stream", "", 0, preface().frame(Http2Frames.DATA, 0, 1, new byte[] {1})));
  }

  /// Complete answers, to clients that leave no room for them.
  private static void flushes(List<HttpLifeCase> all) {
    byte[] noWindow = {0, 4, 0, 0, 0, 0};
    var patient = "stream_idle_timeout: 0s";
    for (var options :
        List.of(
            "stream_idle_timeout: 1.5s",
            "stream_flush_timeout: 1.5s",
            patient + "\n          stream_flush_timeout: 1.5s")) {
      var name = "no room: " + options.replaceAll("\\s+", " ");
      all.add(
          http2(
              name, options, 2, Http2Frames.preface(noWindow).request(1, true, "GET", "/up/text")));
    }
    all.add(
        http2(
            "no room on /flush, whose own time comes first",
            patient + "\n          stream_flush_timeout: 500s",
            2,
            Http2Frames.preface(noWindow).request(1, true, "GET", "/flush")));
    all.add(
        http2(
            "no room on /patient, whose idle_timeout does not matter",
            patient + "\n          stream_flush_timeout: 1.5s",
            2,
            Http2Frames.preface(noWindow).request(1, true, "GET", "/patient")));
  }
}
