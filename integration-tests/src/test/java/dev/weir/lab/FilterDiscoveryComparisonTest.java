package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Filters whose configuration comes by itself, from files or from nobody, on Envoy and on Weir:
/// who may come in before, with and after a push, and what is counted and logged. One start of
/// each.
class FilterDiscoveryComparisonTest {
  private static final String NET = "envoy.extensions.filters.network.";
  private static final String HTTP = "envoy.extensions.filters.http.";
  private static final String IN = "envoy.extensions.filters.listener.";
  private static final String ALLOW = rules("ALLOW");
  private static final String DENY = rules("DENY");
  private static final String ECHO = any(NET + "echo.v3.Echo", "");
  private static final String PROXY = any(IN + "proxy_protocol.v3.ProxyProtocol", "");
  private static final String TLS = any(IN + "tls_inspector.v3.TlsInspector", "");
  private static final String RBAC = NET + "rbac.v3.RBAC";
  private static final String CHANGES = HTTP + "header_mutation.v3.HeaderMutation";
  private static final String FAULT = HTTP + "fault.v3.HTTPFault";

  /// What is pushed, by filter: at the start, and then one after the other; empty for a file
  /// without any resource.
  private static final Map<String, List<String>> PUSHES = new TreeMap<>();

  static {
    PUSHES.put("network-rules", List.of(ALLOW, DENY, ""));
    PUSHES.put("network-none-yet", List.of("", ALLOW));
    PUSHES.put("network-fallback", List.of("", ALLOW));
    PUSHES.put("network-last", List.of(ECHO));
    PUSHES.put("network-not-last", List.of(ALLOW));
    PUSHES.put("network-other-type", List.of(any(NET + "direct_response.v3.Config", "")));
    PUSHES.put("http-changes", List.of(changes("one"), fault(), router()));
    PUSHES.put("http-none-yet", List.of("", changes("two")));
    PUSHES.put("http-fallback", List.of("", changes("three")));
    PUSHES.put("listener-header", List.of(PROXY, TLS));
    PUSHES.put("listener-none-yet", List.of("", PROXY));
  }

  @TempDir private Path folder;

  @Test
  void theSameIsLetInAndCounted() throws Exception {
    var expected = observe(ProxyKind.ENVOY);
    assertEquals(expected, observe(ProxyKind.WEIR));
  }

  private String observe(ProxyKind kind) throws IOException {
    for (var filter : PUSHES.entrySet()) {
      push(filter.getKey(), filter.getValue().getFirst());
    }
    try (var proxy = Proxy.start(kind, bootstrap())) {
      var seen = new ArrayList<String>();
      look(proxy, "at the start", seen);
      try (var client = Peer.connect(proxy.port("network-rules"))) {
        seen.add(client.ask("before"));
        for (int i = 1; i < 3; i++) {
          for (var filter : PUSHES.entrySet()) {
            if (i < filter.getValue().size()) {
              push(filter.getKey(), filter.getValue().get(i));
              int changes = i + 1;
              Await.until(
                  filter.getKey() + " is read",
                  () -> changes(proxy.stats(), filter.getKey()),
                  it -> it == changes);
            }
          }
          look(proxy, "after push " + i, seen);
        }
        seen.add(client.ask("after"));
      }
      var counters = counters(proxy);
      proxy.stop();
      return String.join("\n", seen) + "\n" + counters + "\n" + log(proxy);
    }
  }

  private static long changes(Map<String, Long> stats, String filter) {
    var scope = scope(filter);
    return stats.getOrDefault(scope + "config_reload", 0L)
        + stats.getOrDefault(scope + "config_fail", 0L);
  }

  private static String scope(String filter) {
    var kind = filter.substring(0, filter.indexOf('-'));
    return "extension_config_discovery."
        + (kind.equals("listener") ? "tcp_listener" : kind)
        + "_filter."
        + filter
        + ".";
  }

  private void push(String filter, String config) throws IOException {
    var resource =
        "{\"@type\": type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig, name: "
            + filter
            + ", typed_config: "
            + config
            + "}";
    var written = folder.resolve("written.yaml");
    Files.writeString(
        written, "{version_info: '1', resources: [" + (config.isEmpty() ? "" : resource) + "]}");
    Files.move(
        written,
        folder.resolve(filter + ".yaml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void look(Proxy proxy, String when, List<String> seen) throws IOException {
    var ports = new TreeMap<>(proxy.ports());
    for (var listener : ports.entrySet()) {
      var name = listener.getKey();
      var request =
          switch (name.substring(0, name.indexOf('-'))) {
            case "http" -> "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
            case "listener" -> "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nhello\n";
            default -> "hello\n";
          };
      try (var peer = Peer.connect(listener.getValue())) {
        seen.add(name + " " + when + ": " + answer(peer, request));
      }
    }
  }

  private static String answer(Peer peer, String request) {
    try {
      peer.send(request);
      return peer.line().replace(Peer.RST, Peer.EOF);
    } catch (IOException _) {
      return Peer.EOF; // closed with our bytes unread
    }
  }

  private static String counters(Proxy proxy) throws IOException {
    var stats = proxy.stats();
    stats
        .keySet()
        .removeIf(it ->
            !it.matches(
                "extension_config_discovery\\..*(config_\\w+|fetch_timeout|_rejected|_success)"
                    + "|listener\\.[a-z].*extension_config_missing"));
    return stats.entrySet().stream()
        .map(it -> it.getKey() + ": " + it.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static String log(Proxy proxy) throws IOException {
    return proxy.output().stream().sorted().collect(Collectors.joining("\n"));
  }

  private static String any(String type, String fields) {
    return "{\"@type\": type.googleapis.com/" + type + fields + "}";
  }

  private static String rules(String action) {
    return any(
        "envoy.extensions.filters.network.rbac.v3.RBAC",
        ", stat_prefix: r, rules: {action: "
            + action
            + ", policies: {p: {permissions: [{any: true}], principals: [{any: true}]}}}");
  }

  private static String changes(String value) {
    return any(
        "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
        ", mutations: {response_mutations: [{append: {header: {key: x-v, value: "
            + value
            + "}}}]}");
  }

  private static String fault() {
    return any(
        "envoy.extensions.filters.http.fault.v3.HTTPFault",
        ", abort: {http_status: 418, percentage: {numerator: 100}}");
  }

  private static String router() {
    return any("envoy.extensions.filters.http.router.v3.Router", "");
  }

  private String bootstrap() {
    var echo = "{name: echo, typed_config: " + ECHO + "}";
    return """
    node: {id: lab, cluster: lab}
    static_resources:
      clusters:
      - name: nobody
        typed_extension_protocol_options:
          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
            explicit_http_config: {http2_protocol_options: {}}
        load_assignment:
          cluster_name: nobody
          endpoints:
          - lb_endpoints:
            - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 9}}}
      listeners:
    """
        + network("network-rules", file("network-rules", "", RBAC) + ", " + echo)
        + network("network-none-yet", file("network-none-yet", "", RBAC) + ", " + echo)
        + network("network-fallback", file("network-fallback", fallback(DENY), RBAC) + ", " + echo)
        + network("network-last", file("network-last", "", NET + "echo.v3.Echo"))
        + network("network-not-last", file("network-not-last", "", RBAC))
        + network("network-other-type", file("network-other-type", "", NET + "echo.v3.Echo"))
        + network("network-nobody", nobody("", RBAC) + ", " + echo)
        + network("network-nobody-fallback", nobody(fallback(DENY), RBAC) + ", " + echo)
        + network(
            "network-nobody-at-once",
            nobody(fallback(ALLOW) + ", apply_default_config_without_warming: true", RBAC)
                + ", "
                + echo)
        + http("http-changes", file("http-changes", "", CHANGES, FAULT))
        + http("http-shared", file("http-changes", "", CHANGES, FAULT))
        + http("http-none-yet", file("http-none-yet", "", CHANGES))
        + http("http-fallback", file("http-fallback", fallback(fault()), CHANGES, FAULT))
        + http("http-nobody", nobody("", CHANGES))
        + listener("listener-header", file("listener-header", "", PROXY_TYPE, TLS_TYPE), echo)
        + listener("listener-none-yet", file("listener-none-yet", "", PROXY_TYPE), echo)
        + listener("listener-nobody", nobody("", PROXY_TYPE), echo);
  }

  private static final String PROXY_TYPE = IN + "proxy_protocol.v3.ProxyProtocol";
  private static final String TLS_TYPE = IN + "tls_inspector.v3.TlsInspector";

  private static String fallback(String config) {
    return ", default_config: " + config;
  }

  private String file(String name, String more, String... types) {
    var path = folder.resolve(name + ".yaml");
    return discovery(name, "path_config_source: {path: " + path + "}", more, types);
  }

  private static String nobody(String more, String... types) {
    var source =
        "initial_fetch_timeout: 0.3s, api_config_source: {api_type: GRPC, transport_api_version:"
            + " V3, grpc_services: [{envoy_grpc: {cluster_name: nobody}}]}";
    return discovery("nobody", source, more, types);
  }

  private static String discovery(String name, String source, String more, String... types) {
    var urls =
        List.of(types).stream()
            .map(type -> "type.googleapis.com/" + type)
            .collect(Collectors.joining(", "));
    return "{name: %s, config_discovery: {config_source: {%s, resource_api_version: V3}, type_urls: [%s]%s}}"
        .formatted(name, source, urls, more);
  }

  private static String network(String name, String filters) {
    return listener(name, "", filters);
  }

  private static String http(String name, String filter) {
    return listener(
        name,
        "",
        """
        {name: http, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network\
        .http_connection_manager.v3.HttpConnectionManager, stat_prefix: %1$s, http_filters: \
        [%2$s, {name: router, typed_config: %3$s}], access_log: [%4$s], route_config: \
        {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, direct_response: \
        {status: 200}}]}]}}}\
        """
            .formatted(
                name,
                filter,
                router(),
                log(
                    name
                        + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
                        + " %RESP(X-V)%")));
  }

  private static String listener(String name, String inspector, String filters) {
    return """
      - name: %1$s
        stat_prefix: %1$s
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        listener_filters: [%2$s]
        access_log: [%3$s]
        filter_chains: [{filters: [%4$s]}]
    """
        .formatted(
            name,
            inspector,
            log(name + " %RESPONSE_FLAGS% %CONNECTION_TERMINATION_DETAILS%"),
            filters);
  }

  private static String log(String format) {
    return """
    {name: file, typed_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.file\
    .v3.FileAccessLog, path: /dev/stdout, log_format: {text_format_source: {inline_string: \
    "%s\\n"}}}}\
    """
        .formatted(format);
  }
}
