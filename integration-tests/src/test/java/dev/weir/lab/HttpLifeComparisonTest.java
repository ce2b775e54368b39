package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// How connections and requests of HTTP come to their end: by timeouts and limits, by what clients
/// do that they may not, and by draining. On Envoy and on Weir the client has to see the same, and
/// the same has to be counted; each case has a listener of its own, and so its own counters.
class HttpLifeComparisonTest {
  /// What is counted, but for amounts of bytes, which depend on the size of the frames.
  private static final Pattern COUNTED =
      Pattern.compile(
          "(http\\.(?<case>c\\d+)\\.(?!.*_bytes_|.*tracing)[\\w.]+"
              + "|(?<codec>http[12])\\.(?!.*oghttp2|tx_flush_timeout_)\\w+): (?<value>\\d+)");

  @Test
  void connectionsAndRequestsEndTheSameWay() throws IOException {
    var cases = HttpLifeCases.all();
    var expected = observe(ProxyKind.ENVOY, cases);
    expected.putAll(HttpLifeCases.OTHERWISE);
    var actual = observe(ProxyKind.WEIR, cases);
    assertEquals(lines(expected), lines(actual));
  }

  private static String lines(Map<String, String> seen) {
    return seen.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, String> observe(ProxyKind kind, List<HttpLifeCase> cases)
      throws IOException {
    try (var echo = HttpEcho.start();
        var proxy = Proxy.start(kind, bootstrap(cases, echo.port()))) {
      var ports = proxy.ports();
      HttpLifeCases.first().forEach(first -> first.play(ports.getOrDefault("first", 0)));
      var ends = new ConcurrentHashMap<Integer, String>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < cases.size(); i++) {
          int number = i;
          int port = ports.getOrDefault("c" + i, 0);
          threads.execute(() -> ends.put(number, cases.get(number).play(port)));
        }
      }
      Await.until("all connections are closed", () -> quiet(proxy, cases.size()));
      var counters = counters(proxy);
      var seen = new LinkedHashMap<String, String>();
      for (int i = 0; i < cases.size(); i++) {
        var name = cases.get(i).name();
        seen.put(name, String.valueOf(ends.get(i)));
        seen.put(name + " counted", String.valueOf(counters.get("c" + i)));
      }
      seen.put("http1", String.valueOf(counters.get("http1")));
      seen.put("http2", String.valueOf(counters.get("http2")));
      return seen;
    }
  }

  private static boolean quiet(Proxy proxy, int cases) throws IOException {
    var stats = proxy.stats();
    for (int i = 0; i < cases; i++) {
      if (stats.getOrDefault("http.c" + i + ".downstream_cx_active", 0L) > 0) {
        return false;
      }
    }
    return true;
  }

  /// What was counted, by case or codec. Of the codecs the names of what was not are of interest
  /// too.
  private static Map<String, Map<String, Long>> counters(Proxy proxy) throws IOException {
    var counters = new TreeMap<String, Map<String, Long>>();
    for (var line : proxy.get("/stats").lines().toList()) {
      var matcher = COUNTED.matcher(line);
      if (matcher.matches()) {
        var group = matcher.group("case") == null ? matcher.group("codec") : matcher.group("case");
        long value = Long.parseLong(matcher.group("value"));
        if (value != 0 || group.startsWith("http")) {
          var name = line.substring(line.lastIndexOf('.') + 1, line.indexOf(':'));
          counters.computeIfAbsent(group, _ -> new TreeMap<>()).put(name, value);
        }
      }
    }
    return counters;
  }

  private static String bootstrap(List<HttpLifeCase> cases, int echo) {
    var text = new StringBuilder("static_resources:\n  listeners:\n");
    text.append(LISTENER.formatted("first", 0, ""));
    int hop = FreePorts.inARow(1);
    text.append(LISTENER.formatted("hop", hop, HttpLifeCases.WEBSOCKET));
    for (int i = 0; i < cases.size(); i++) {
      text.append(LISTENER.formatted("c" + i, 0, cases.get(i).options()));
    }
    return text.append(CLUSTERS.formatted(echo, hop)).toString();
  }

  private static final String LISTENER =
      """
        - name: %1$s
          address: { socket_address: { address: 127.0.0.1, port_value: %2$d } }
          filter_chains:
          - filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: %1$s
                route_config:
                  virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                    - { match: { prefix: /up }, route: { cluster: echo, timeout: 0s } }
                    - { match: { prefix: /hop }, route: { cluster: hop, timeout: 0s, prefix_rewrite: /up } }
                    - { match: { prefix: /flush }, route: { cluster: echo, timeout: 0s, flush_timeout: 1.5s, prefix_rewrite: /up } }
                    - { match: { prefix: /patient }, route: { cluster: echo, timeout: 0s, idle_timeout: 500s, prefix_rewrite: /up } }
                    - { match: { prefix: /dead }, route: { cluster: dead } }
                    - { match: { prefix: / }, direct_response: { status: 200, body: { inline_string: "an answer" } } }
                http_filters:
                - name: envoy.filters.http.router
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                %3$s
      """;

  private static final String CLUSTERS =
      """
        clusters:
        - name: echo
          load_assignment: { cluster_name: echo, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } }] }] }
        - name: dead
          load_assignment: { cluster_name: dead, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1 } } } }] }] }
        - name: hop
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: { http2_protocol_options: { allow_connect: true } }
          load_assignment: { cluster_name: hop, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } }] }] }
      """;
}
