package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The same limits of requests on Envoy and on Weir: the same requests are refused, and the same is
/// answered, told to the upstream and counted. One start of each serves all cases.
class LocalRateLimitComparisonTest {
  private static final String TYPE =
      "'@type': type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";

  private static final String ON =
      "filter_enabled: {default_value: {numerator: 100}}, filter_enforced: {default_value:"
          + " {numerator: 100}}";

  private static final String EACH_ONCE =
      "descriptors: ["
          + String.join(
              ", ",
              descriptor(1, "generic_key: v"),
              descriptor(1, "who: me"),
              descriptor(2, "generic_key: v", "who: me"),
              descriptor(1, "who: me", "generic_key: v"),
              descriptor(1, "remote_address: 127.0.0.1"),
              descriptor(1, "destination_cluster: echo"),
              descriptor(1, "header_match: h"),
              descriptor(1, "q: a b"),
              descriptor(1, "of: host"),
              descriptor(2, "own: rule"))
          + "]";

  /// What the filter says, by the name of its listener.
  private static final Map<String, String> LIMITS = new TreeMap<>();

  static {
    LIMITS.put("each", bucket(100) + ", " + EACH_ONCE);
    LIMITS.put("no-common", EACH_ONCE);
    LIMITS.put("common-too", bucket(3) + ", " + EACH_ONCE);
    LIMITS.put(
        "common-else", bucket(3) + ", always_consume_default_token_bucket: false, " + EACH_ONCE);
    LIMITS.put("stage", bucket(100) + ", stage: 1, " + EACH_ONCE);
    LIMITS.put("host-too", bucket(100) + ", vh_rate_limits: INCLUDE, " + EACH_ONCE);
    LIMITS.put("host-never", bucket(100) + ", vh_rate_limits: IGNORE, " + EACH_ONCE);
    LIMITS.put("told", bucket(5) + ", enable_x_ratelimit_headers: DRAFT_VERSION_03, " + EACH_ONCE);
    LIMITS.put("told-nothing", "enable_x_ratelimit_headers: DRAFT_VERSION_03");
    LIMITS.put("exhausted", bucket(2) + ", rate_limited_as_resource_exhausted: true, " + EACH_ONCE);
    LIMITS.put("connection", bucket(1) + ", local_rate_limit_per_downstream_connection: true");
    LIMITS.put(
        "connection-each",
        bucket(9) + ", local_rate_limit_per_downstream_connection: true, " + EACH_ONCE);
    LIMITS.put(
        "rules",
        bucket(100)
            + ", rate_limits: [{actions: [{generic_key: {descriptor_key: own, descriptor_value:"
            + " rule}}]}], "
            + EACH_ONCE);
    LIMITS.put(
        "answer",
        bucket(1)
            + ", status: {code: 503}, response_headers_to_add: [{header:"
            + " {key: x-limited, value: '%REQ(:PATH)%'}}]");
    LIMITS.put("low-status", bucket(1) + ", status: {code: 204}");
  }

  private static String bucket(int max) {
    return "token_bucket: {max_tokens: " + max + ", fill_interval: 6000s}";
  }

  private static String descriptor(int max, String... entries) {
    var pairs =
        List.of(entries).stream()
            .map(it -> it.split(": ", 2))
            .map(it -> "{key: " + it[0] + ", value: '" + it[1] + "'}")
            .collect(Collectors.joining(", "));
    return "{entries: [" + pairs + "], " + bucket(max) + "}";
  }

  /// On one connection each line.
  private static final List<String> CONNECTIONS =
      List.of(
          "/plain /plain",
          "/generic /generic",
          "/generic",
          "/header /header?x-who=me",
          "/header?x-who=me /header?x-who=you",
          "/optional /optional?x-who=me",
          "/optional?x-who=me /optional?x-who=me",
          "/remote /remote",
          "/cluster /cluster",
          "/drawn /drawn",
          "/match?x-who=me /match?x-who=me",
          "/match",
          "/unless?x-who=me /unless",
          "/unless",
          "/query?q=a%20b /query?q=a+b",
          "/query /query?q=a%20b&x-who=me",
          "/staged /staged",
          "/two?x-who=me /two?x-who=me",
          "/host-too /host-too",
          "/none /none",
          "/own /own",
          "/own",
          "/own-too /own-too",
          "/own-more?x-who=me /own-more?x-who=me",
          "/direct /direct",
          "/generic?content-type=application/grpc");

  @Test
  void theSameRequestsAreTooMany() throws Exception {
    try (var echo = HttpEcho.start()) {
      var bootstrap = bootstrap(echo.port());
      var expected = observe(ProxyKind.ENVOY, bootstrap);
      assertEquals(expected, observe(ProxyKind.WEIR, bootstrap));
    }
  }

  private static String observe(ProxyKind kind, String bootstrap) throws Exception {
    try (var proxy = Proxy.start(kind, bootstrap)) {
      var seen = new ArrayList<String>();
      var ports = proxy.ports();
      for (var name : names()) {
        for (var connection : CONNECTIONS) {
          seen.add(name + " " + connection + ": " + ask(ports.getOrDefault(name, 0), connection));
        }
      }
      var stats = proxy.stats();
      stats.keySet().removeIf(it -> !it.contains("http_local_rate_limit."));
      return String.join("\n", seen) + "\n" + stats;
    }
  }

  private static List<String> names() {
    var names = new ArrayList<>(LIMITS.keySet());
    names.add("not-enforced");
    names.add("off");
    return names;
  }

  private static String ask(int port, String connection) {
    var bytes = new StringBuilder();
    var paths = connection.split(" ", -1);
    for (int i = 0; i < paths.length; i++) {
      bytes.append("GET ").append(paths[i]).append(" HTTP/1.1\r\nhost: a\r\n");
      for (var header : List.of("x-who", "content-type")) {
        int at = paths[i].indexOf(header + "=");
        if (at >= 0) {
          bytes.append(header).append(": ").append(paths[i].substring(at + header.length() + 1));
          bytes.append("\r\n");
        }
      }
      bytes.append(i == paths.length - 1 ? "connection: close\r\n\r\n" : "\r\n");
    }
    return new RawRequest("", 0, bytes.toString())
        .send(port)
        .replaceAll("date: [^\r]*\r\n", "")
        .replaceAll("x-envoy-upstream-service-time: [^\r]*\r\n", "")
        .replaceAll("x-request-id: [-0-9a-f]+", "x-request-id: ...")
        .replaceAll("x-ratelimit-reset: [1-9][0-9]*", "x-ratelimit-reset: some")
        .replace("\r\n", "|");
  }

  private static String bootstrap(int port) {
    var listeners = new StringBuilder();
    LIMITS.forEach((name, limit) -> listeners.append(listener(name, ON + ", " + limit)));
    listeners.append(
        listener(
            "not-enforced",
            "filter_enabled: {default_value: {numerator: 100}}, "
                + "request_headers_to_add_when_not_enforced: [{header: {key: x-too-many, value:"
                + " '%REQ(:PATH)%'}}], "
                + bucket(1)));
    listeners.append(listener("off", bucket(1)));
    return "static_resources:\n  listeners:\n"
        + listeners
        + "  clusters:\n"
        + Bootstraps.cluster("echo", port).indent(2);
  }

  private static String route(String path, String action, String rest) {
    return "          - {match: {prefix: " + path + "}, route: {" + action + "}" + rest + "}\n";
  }

  private static String limited(String path, String... rules) {
    var limits =
        List.of(rules).stream()
            .map(it -> it.startsWith("stage") ? "{" + it + "}" : "{actions: [" + it + "]}")
            .collect(Collectors.joining(", "));
    return route(path, "cluster: echo, rate_limits: [" + limits + "]", "");
  }

  private static String own(String path, String limit) {
    return route(
        path,
        "cluster: echo",
        ", typed_per_filter_config: {limit: {"
            + TYPE
            + ", stat_prefix: own, "
            + ON
            + ", "
            + limit
            + "}}");
  }

  private static String routes() {
    var generic = "{generic_key: {descriptor_value: v}}";
    var header = "{request_headers: {header_name: X-Who, descriptor_key: who}}";
    var match = "descriptor_value: h, headers: [{name: x-who, string_match: {exact: me}}]";
    return route("/plain", "cluster: echo", "")
        + limited("/generic", generic)
        + limited("/header", header)
        + limited(
            "/optional",
            "{request_headers: {header_name: x-who, descriptor_key: who, skip_if_absent: true}}, "
                + generic)
        + limited("/remote", "{remote_address: {}}")
        + limited("/cluster", "{destination_cluster: {}}")
        + route(
            "/drawn",
            "weighted_clusters: {clusters: [{name: echo, weight: 1}]}, rate_limits: [{actions:"
                + " [{destination_cluster: {}}]}]",
            "")
        + limited("/match", "{header_value_match: {" + match + "}}")
        + limited("/unless", "{header_value_match: {expect_match: false, " + match + "}}")
        + limited("/query", "{query_parameters: {query_parameter_name: q, descriptor_key: q}}")
        + limited("/staged", "stage: 1, actions: [" + generic + "]")
        + limited("/two", header, generic + ", " + header)
        + route(
            "/host-too",
            "cluster: echo, include_vh_rate_limits: true, rate_limits: [{actions: ["
                + generic
                + "]}]",
            "")
        + route("/none", "cluster: none", "")
        + own("/own-too", bucket(1))
        + own(
            "/own-more", bucket(100) + ", rate_limits: [{actions: [" + header + "]}], " + EACH_ONCE)
        + own("/own", bucket(1))
        + "          - {match: {prefix: /direct}, direct_response: {status: 200}}\n";
  }

  private static String listener(String name, String limit) {
    return """
      - name: "%1$s"
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - filters:
          - name: http
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager\
    .v3.HttpConnectionManager
              stat_prefix: "%1$s"
              delayed_close_timeout: 0s
              http_filters:
              - name: limit
                typed_config: {%2$s, stat_prefix: common, %3$s}
              - name: router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3\
    .Router}
              route_config:
                validate_clusters: false
                virtual_hosts:
                - name: all
                  domains: ["*"]
                  rate_limits: [{actions: [{generic_key: {descriptor_key: of, descriptor_value: host\
    }}]}]
                  routes:
    %4$s\
    """
        .formatted(name, TYPE, limit, routes().indent(8));
  }
}
