package dev.weir.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The same rules about who may come in, on Envoy and on Weir: the same connections are let in, and
/// the same is counted and logged of them. One start of each serves all cases.
class RbacComparisonTest {

  private static final String ANY = "{any: true}";

  /// Rules by the name of the listener that has them.
  private static final Map<String, String> RULES = new TreeMap<>();

  static {
    policy("any", "ALLOW", "{any: true}", "{any: true}");
    policy("deny-any", "DENY", "{any: true}", "{any: true}");
    policy("log-any", "LOG", "{any: true}", "{any: true}");
    policy("port", "ALLOW", "{destination_port: 1}", "{any: true}");
    policy("ports", "ALLOW", "{destination_port_range: {start: 1, end: 65536}}", "{any: true}");
    policy("not-port", "ALLOW", "{not_rule: {destination_port: 1}}", "{any: true}");
    policy("dst", "ALLOW", "{destination_ip: {address_prefix: 127.0.0.0, prefix_len: 8}}", ANY);
    policy("dst-other", "DENY", "{destination_ip: {address_prefix: 10.0.0.0, prefix_len: 8}}", ANY);
    policy("sni", "ALLOW", "{requested_server_name: {exact: a.example}}", ANY);
    policy("sni-suffix", "DENY", "{requested_server_name: {suffix: .example}}", ANY);
    policy("sni-regex", "ALLOW", "{requested_server_name: {safe_regex: {regex: 'b.*'}}}", ANY);
    policy("no-sni", "ALLOW", "{requested_server_name: {exact: ''}}", ANY);
    policy("path", "ALLOW", "{url_path: {path: {prefix: /}}}", ANY);
    policy("remote", "ALLOW", "{any: true}", "{remote_ip: {address_prefix: 127.0.0.1}}");
    policy("remote-32", "ALLOW", ANY, "{remote_ip: {address_prefix: 127.0.0.1, prefix_len: 32}}");
    policy("direct", "DENY", ANY, "{direct_remote_ip: {address_prefix: 9.9.9.9, prefix_len: 32}}");
    policy("source", "ALLOW", ANY, "{source_ip: {address_prefix: 127.0.0.0, prefix_len: 24}}");
    policy("named", "ALLOW", ANY, "{authenticated: {principal_name: {exact: spiffe://a}}}");
    policy("authenticated", "DENY", ANY, "{authenticated: {}}");
    policy("not-id", "ALLOW", ANY, "{not_id: {authenticated: {}}}");
    policy(
        "sets",
        "ALLOW",
        "{and_rules: {rules: [{any: true}, {or_rules: {rules: [{destination_port: 1}, {any:"
            + " true}]}}]}}",
        "{and_ids: {ids: [{any: true}, {or_ids: {ids: [{not_id: {any: true}}, {any: true}]}}]}}");
    policy(
        "metadata",
        "ALLOW",
        "{metadata: {filter: a, path: [{key: b}], value: {string_match: {exact: c}}}}",
        ANY);
    policy(
        "not-metadata",
        "DENY",
        ANY,
        "{metadata: {filter: a, path: [{key: b}], value: {present_match: true}, invert: true}}");
    RULES.put("nothing", "");
    RULES.put("no-policy", "rules: {action: ALLOW, policies: {}}");
    RULES.put("no-policy-deny", "rules: {action: DENY, policies: {}}");
    RULES.put(
        "first-of-two",
        "rules: {action: DENY, policies: {b c: "
            + body(ANY, ANY)
            + ", a: "
            + body("{destination_port: 1}", ANY)
            + "}}");
    RULES.put(
        "shadow",
        "shadow_rules_stat_prefix: dry_, shadow_rules: {action: ALLOW, policies: {p: "
            + body("{destination_port: 1}", ANY)
            + "}}");
    RULES.put(
        "both",
        "rules: {action: ALLOW, policies: {p: "
            + body(ANY, ANY)
            + "}}, shadow_rules: {action: DENY, policies: {s: "
            + body(ANY, ANY)
            + "}}");
    RULES.put(
        "delayed",
        "delay_deny: 0.05s, rules: {action: DENY, policies: {p: " + body(ANY, ANY) + "}}");
    RULES.put(
        "matcher",
        """
        matcher: {matcher_tree: {input: {name: sni, typed_config: {"@type": \
        type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.ServerNameInput}}, \
        exact_match_map: {map: {a.example: {action: {name: action, typed_config: {"@type": \
        type.googleapis.com/envoy.config.rbac.v3.Action, name: sni a, action: ALLOW}}}, b.example: \
        {action: {name: action, typed_config: {"@type": type.googleapis.com/envoy.config.rbac.v3\
        .Action, name: sni b, action: DENY}}}}}}}\
        """);
  }

  private static void policy(String name, String action, String permission, String principal) {
    RULES.put(
        name,
        "rules: {action: " + action + ", policies: {p: " + body(permission, principal) + "}}");
  }

  private static String body(String permission, String principal) {
    return "{permissions: [" + permission + "], principals: [" + principal + "]}";
  }

  @Test
  void theSameConnectionsAreLetIn() throws Exception {
    var expected = observe(ProxyKind.ENVOY);
    assertEquals(expected, observe(ProxyKind.WEIR));
  }

  private static String observe(ProxyKind kind) throws Exception {
    try (var proxy = Proxy.start(kind, bootstrap())) {
      var seen = new ArrayList<String>();
      var ports = proxy.ports();
      for (var name : RULES.keySet()) {
        for (var hello : List.of("", "a.example", "b.example")) {
          seen.add(name + " " + hello + ": " + letIn(ports.getOrDefault(name, 0), hello));
        }
      }
      var stats = proxy.stats();
      stats.keySet().removeIf(it -> !it.contains("rbac."));
      proxy.stop();
      return String.join("\n", seen) + "\n" + stats + "\n" + log(proxy);
    }
  }

  static boolean letIn(int port, String name) throws Exception {
    var bytes = name.isEmpty() ? "hello".getBytes(ISO_8859_1) : Hellos.of(name);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Await.DEADLINE.toMillis());
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().read() >= 0; // it is an echo
    } catch (SocketException _) {
      return false; // closed with our bytes unread
    }
  }

  private static String log(Proxy proxy) throws IOException {
    return proxy.output().stream().sorted().collect(Collectors.joining("\n"));
  }

  private static String bootstrap() {
    return RULES.entrySet().stream()
        .map(it -> listener(it.getKey(), it.getValue()))
        .collect(Collectors.joining("", "static_resources:\n  listeners:\n", ""));
  }

  private static String listener(String name, String rules) {
    return """
      - name: %1$s
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        listener_filters:
        - {name: tls, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.listener\
    .tls_inspector.v3.TlsInspector}}
        access_log:
        - name: file
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
            path: /dev/stdout
            log_format: {text_format_source: {inline_string: "%1$s %%CONNECTION_TERMINATION_DETAILS%% \
    %%DOWNSTREAM_LOCAL_CLOSE_REASON%% %%DYNAMIC_METADATA(envoy.filters.network.rbac)%% \
    %%DYNAMIC_METADATA(envoy.common)%%\\n"}}
        filter_chains:
        - filters:
          - name: rbac
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.rbac.v3\
    .RBAC, stat_prefix: %1$s%2$s}
          - name: echo
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}
    """
        .formatted(name, rules.isEmpty() ? "" : ", " + rules);
  }
}
