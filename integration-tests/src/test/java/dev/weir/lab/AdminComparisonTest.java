package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pages of the admin interface, asked as tools ask them. Weir and Envoy have to answer with
/// the same status, the same content type, and JSON of the same shape.
class AdminComparisonTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /// Each is asked for in this order; `=` before it compares the whole body, `#` the shape of JSON,
  /// `1` the first line of the body, `-` only status and content type.
  private static final String REQUESTS =
      """
      - GET /
      - GET /help
      = GET /ready
      # GET /server_info
      # GET /config_dump
      # GET /config_dump?include_eds
      # GET /config_dump?resource=static_listeners
      # GET /config_dump?resource=static_clusters&mask=cluster.name
      # GET /config_dump?resource=dynamic_active_clusters
      # GET /config_dump?name_regex=c.*
      # GET /config_dump?name_regex=nothing
      = GET /config_dump?resource=nonsense
      - GET /config_dump?mask=nonsense
      - GET /config_dump?name_regex=(
      - GET /clusters
      # GET /clusters?format=json
      - GET /listeners
      # GET /listeners?format=json
      - GET /stats
      = GET /stats?filter=^tcp\\.(l|m)\\.downstream_cx_(total|no_route)$
      = GET /stats?filter=^cluster\\.c\\.upstream_cx_total&usedonly
      = GET /stats?filter=nothing$
      = GET /stats?filter=^tcp.l.downstream_cx_total$&format=json
      = GET /stats?filter=^tcp.l.downstream_cx_total$&format=prometheus
      = GET /stats?filter=^tcp.l.downstream_cx_total$&type=Gauges
      - GET /stats?filter=(
      - GET /stats?format=nonsense
      - GET /stats?type=nonsense
      = GET /stats/prometheus?filter=^tcp.l.downstream_cx_(total)$
      - GET /stats/prometheus?usedonly
      - GET /server_info?x=^|()$\\
      # GET /runtime
      # GET /certs
      # GET /memory
      # GET /init_dump
      - GET /hot_restart_version
      - GET /nonsense
      - GET /stats/nonsense
      = GET /quitquitquit
      = GET /logging
      = GET /drain_listeners
      = GET /healthcheck/fail
      - HEAD /ready
      - POST /ready
      1 POST /logging?level=nonsense
      1 POST /logging?nonsense=info
      - POST /logging?level=warning
      - POST /logging?admin=info
      = POST /reset_counters
      = GET /stats?filter=^tcp.l.downstream_cx_total$
      = POST /healthcheck/fail
      = GET /ready
      = POST /healthcheck/ok
      = GET /ready
      = POST /drain_listeners?inboundonly
      = POST /drain_listeners
      = POST /quitquitquit
      """;

  /// What a node says of its build: ours says less.
  private static final Set<String> OF_ENVOY_ALONE =
      Set.of("user_agent_name", "user_agent_build_version", "extensions");

  @Test
  void everyPageAnswersAsEnvoys() throws IOException {
    assertEquals(observe(ProxyKind.ENVOY), observe(ProxyKind.WEIR));
  }

  private static String observe(ProxyKind kind) throws IOException {
    try (var one = Echo.start("one", ANY)) {
      var listeners = Stream.of(Bootstraps.listener("l", "cluster: c"));
      var bootstrap =
          "node: { id: gateway-1, cluster: gateways }\n"
              + Bootstraps.of(listeners, Stream.of(Bootstraps.cluster("c", one.port())));
      try (var proxy = Proxy.start(kind, bootstrap)) {
        assertEquals("one hello", Peer.ask(proxy.port("l"), "hello"));
        proxy.awaitStat("tcp.l.downstream_cx_total", 1);
        var seen = new ArrayList<String>();
        for (var request : REQUESTS.lines().toList()) {
          seen.add(request + "\n  " + answer(proxy.adminPort(), request));
        }
        // Who ends by itself may not be asked to end as well: a signal on the way out kills Envoy.
        Await.until(kind + " ends", proxy::exited);
        return String.join("\n", seen);
      }
    }
  }

  private static String answer(int port, String request) throws IOException {
    var answer = exchange(port, request.substring(2));
    var end = answer.indexOf("\r\n\r\n");
    var head = answer.substring(0, end);
    var body = answer.substring(end + 4);
    var type = find("(?i)content-type: (.*)", head);
    return head.lines().findFirst().orElse("")
        + "; "
        + type
        + switch (request.charAt(0)) {
          case '=' -> "\n  " + body;
          case '#' -> "\n  " + shape(body);
          case '1' -> "\n  " + body.lines().findFirst().orElse("");
          default -> "";
        };
  }

  private static String find(String pattern, String text) {
    var matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  /// No client library sends `^` or `|` as they are.
  private static String exchange(int port, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var text = request + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return unchunked(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String unchunked(String answer) {
    var end = answer.indexOf("\r\n\r\n") + 4;
    if (!answer.substring(0, end).toLowerCase(Locale.ROOT).contains("chunked")) {
      return answer;
    }
    var whole = new StringBuilder(answer.substring(0, end));
    for (var rest = answer.substring(end); !rest.isEmpty(); ) {
      var line = rest.indexOf("\r\n");
      if (line < 0) {
        break;
      }
      var bytes = rest.substring(line + 2).getBytes(StandardCharsets.UTF_8);
      var length = Integer.parseInt(rest.substring(0, line), 16);
      if (length == 0) {
        break;
      }
      whole.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
      rest = new String(bytes, length + 2, bytes.length - length - 2, StandardCharsets.UTF_8);
    }
    return whole.toString();
  }

  private static String shape(String body) {
    try {
      return shape(List.of(JsonParser.parseString(body)));
    } catch (JsonSyntaxException e) {
      return "no JSON: " + body;
    }
  }

  /// The keys and types of some elements, put together.
  private static String shape(List<JsonElement> elements) {
    var shapes = new TreeSet<String>();
    var members = new TreeMap<String, List<JsonElement>>();
    var items = new ArrayList<JsonElement>();
    for (var element : elements) {
      if (element.isJsonObject()) {
        element
            .getAsJsonObject()
            .entrySet()
            .forEach(it ->
                members.computeIfAbsent(it.getKey(), _ -> new ArrayList<>()).add(it.getValue()));
        shapes.add("");
      } else if (element.isJsonArray()) {
        element.getAsJsonArray().forEach(items::add);
        shapes.add("[]");
      } else if (element.isJsonPrimitive()) {
        shapes.add(element.getAsJsonPrimitive().isNumber() ? "number" : "text");
      }
    }
    if (shapes.remove("")) {
      shapes.add(
          members.entrySet().stream()
              .filter(it -> !OF_ENVOY_ALONE.contains(it.getKey()))
              .map(it -> it.getKey() + ": " + shape(it.getValue()))
              .collect(Collectors.joining(", ", "{", "}")));
    }
    if (shapes.remove("[]")) {
      shapes.add("[" + shape(items) + "]");
    }
    return String.join("|", shapes);
  }
}
