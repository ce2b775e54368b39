package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The same rules about requests, on Envoy and on Weir: the same requests are let in, and the same
/// is answered, counted and logged of them. One start of each serves all cases.
class RequestRbacComparisonTest {
  private static final String ANY = "{any: true}";

  /// Rules by the name of the listener that has them.
  private static final Map<String, String> RULES = new TreeMap<>();

  static {
    policy("any", "ALLOW", ANY, ANY);
    policy("deny-any", "DENY", ANY, ANY);
    policy("log-any", "LOG", "{header: {name: x-who, present_match: true}}", ANY);
    policy("path", "ALLOW", "{url_path: {path: {prefix: /admin}}}", ANY);
    policy("path-exact", "DENY", "{url_path: {path: {exact: /admin/x}}}", ANY);
    policy("path-template", "ALLOW", template("/admin/{name}"), ANY);
    policy("path-template-rest", "DENY", template("/{a}/**"), ANY);
    policy("path-id", "DENY", ANY, "{url_path: {path: {suffix: x}}}");
    policy("method", "ALLOW", "{header: {name: ':method', string_match: {exact: GET}}}", ANY);
    policy("host", "ALLOW", "{header: {name: ':authority', string_match: {exact: a}}}", ANY);
    policy("host-name", "ALLOW", "{header: {name: Host, string_match: {exact: a}}}", ANY);
    policy("no-who", "DENY", "{header: {name: x-who, present_match: false}}", ANY);
    policy(
        "not-me",
        "ALLOW",
        "{header: {name: x-who, string_match: {exact: me}, invert_match: true}}",
        ANY);
    policy(
        "missing-is-empty",
        "ALLOW",
        "{header: {name: x-who, string_match: {exact: ''}, treat_missing_header_as_empty: true}}",
        ANY);
    policy("both", "ALLOW", ANY, "{header: {name: x-who, string_match: {exact: 'me,you'}}}");
    policy("range", "ALLOW", "{header: {name: x-n, range_match: {start: 3, end: 7}}}", ANY);
    policy("remote", "ALLOW", ANY, "{remote_ip: {address_prefix: 10.0.0.0, prefix_len: 8}}");
    policy(
        "direct", "ALLOW", ANY, "{direct_remote_ip: {address_prefix: 127.0.0.0, prefix_len: 8}}");
    policy("source", "DENY", ANY, "{source_ip: {address_prefix: 10.0.0.0, prefix_len: 8}}");
    policy("port", "DENY", "{destination_port: 1}", ANY);
    policy("sni", "ALLOW", "{requested_server_name: {exact: a}}", ANY);
    policy("authenticated", "ALLOW", ANY, "{authenticated: {}}");
    policy(
        "sets",
        "ALLOW",
        "{and_rules: {rules: [{url_path: {path: {prefix: /}}}, {not_rule: {header: {name: x-n,"
            + " present_match: true}}}]}}",
        "{or_ids: {ids: [{header: {name: x-who, present_match: true}}, {remote_ip:"
            + " {address_prefix: 10.0.0.0, prefix_len: 8}}]}}");
    policy(
        "metadata",
        "DENY",
        "{metadata: {filter: a, path: [{key: b}], value: {string_match: {exact: c}}}}",
        ANY);
    RULES.put("nothing", "");
    RULES.put("no-policy", "rules: {action: ALLOW, policies: {}}");
    RULES.put("no-policy-deny", "rules: {action: DENY, policies: {}}");
    RULES.put(
        "two words",
        "rules: {action: DENY, policies: {b c: " + body(ANY, "{header: {name: x-n}}") + "}}");
    RULES.put(
        "shadow",
        "shadow_rules_stat_prefix: dry_, shadow_rules: {action: ALLOW, policies: {p: "
            + body("{url_path: {path: {prefix: /admin}}}", ANY)
            + "}}");
    RULES.put(
        "prefixed",
        "rules_stat_prefix: pre, shadow_rules_stat_prefix: dry, rules: {action: DENY, policies: {p:"
            + " "
            + body("{url_path: {path: {prefix: /admin}}}", ANY)
            + "}}, shadow_rules: {action: DENY, policies: {s: "
            + body("{header: {name: x-who}}", ANY)
            + "}}");
    RULES.put(
        "counted",
        "track_per_rule_stats: true, rules: {action: DENY, policies: {p: "
            + body("{url_path: {path: {prefix: /admin}}}", ANY)
            + "}}, shadow_rules: {action: ALLOW, policies: {s: "
            + body("{header: {name: x-who}}", ANY)
            + "}}");
    RULES.put("matcher", "matcher: " + matcher());
    RULES.put("shadow-matcher", "shadow_matcher: " + matcher());
  }

  private static String matcher() {
    return """
    {matcher_list: {matchers: [{predicate: {single_predicate: {input: {name: who, typed_config: \
    {"@type": type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: \
    x-who}}, value_match: {prefix: me}}}, on_match: {action: {name: action, typed_config: {"@type": \
    type.googleapis.com/envoy.config.rbac.v3.Action, name: mine, action: DENY}}}}]}, on_no_match: \
    {action: {name: action, typed_config: {"@type": type.googleapis.com/envoy.config.rbac.v3.Action, \
    name: others, action: ALLOW}}}}\
    """;
  }

  private static String template(String path) {
    return "{uri_template: {name: t, typed_config: {'@type':"
        + " type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig,"
        + " path_template: '"
        + path
        + "'}}}";
  }

  private static void policy(String name, String action, String permission, String principal) {
    RULES.put(
        name,
        "rules: {action: " + action + ", policies: {p: " + body(permission, principal) + "}}");
  }

  private static String body(String permission, String principal) {
    return "{permissions: [" + permission + "], principals: [" + principal + "]}";
  }

  private static final List<String> REQUESTS =
      List.of(
          "GET /\nhost: a",
          "GET /admin/x?y=1#z\nhost: b",
          "POST /admin\nhost: a\nx-who: me\ncontent-length: 0",
          "GET /admin/x\nhost: a\nx-who: me\nx-who: you",
          "GET /\nhost: a\nx-who: me,you\nx-n: 3",
          "GET /\nhost: a\nx-who:\nx-n: 7",
          "GET /\nhost: a\nx-forwarded-for: 10.1.2.3",
          "GET /off/admin\nhost: a",
          "GET /disabled/admin\nhost: a",
          "GET /other\nhost: a\nx-who: me",
          "GET /other\nhost: a",
          "GET /grpc\nhost: a\ncontent-type: application/grpc");

  @Test
  void theSameRequestsAreLetIn() throws Exception {
    var expected = observe(ProxyKind.ENVOY);
    assertEquals(expected, observe(ProxyKind.WEIR));
  }

  private static String observe(ProxyKind kind) throws Exception {
    try (var proxy = Proxy.start(kind, bootstrap())) {
      var seen = new ArrayList<String>();
      var ports = proxy.ports();
      for (var name : RULES.keySet()) {
        for (var request : REQUESTS) {
          seen.add(name + " " + request + ": " + ask(ports.getOrDefault(name, 0), request));
        }
      }
      var stats = proxy.stats();
      stats.keySet().removeIf(it -> !it.contains("rbac."));
      proxy.stop();
      var log = proxy.output().stream().collect(Collectors.joining("\n"));
      return String.join("\n", seen) + "\n" + stats + "\n" + log;
    }
  }

  private static String ask(int port, String request) {
    var bytes =
        request.replaceFirst("\n", " HTTP/1.1\n").replace("\n", "\r\n")
            + "\r\nconnection: close\r\n\r\n";
    return new RawRequest("", 0, bytes)
        .send(port)
        .replaceAll("date: [^\r]*\r\n", "")
        .replace("\r\n", "|");
  }

  private static String bootstrap() {
    return RULES.entrySet().stream()
        .map(it -> listener(it.getKey(), it.getValue()))
        .collect(Collectors.joining("", "static_resources:\n  listeners:\n", ""));
  }

  private static String listener(String name, String rules) {
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
              access_log:
              - name: file
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                  path: /dev/stdout
                  log_format: {text_format_source: {inline_string: "%1$s %%REQ(:PATH)%% \
    %%RESPONSE_CODE%% %%RESPONSE_FLAGS%% %%RESPONSE_CODE_DETAILS%% \
    %%DYNAMIC_METADATA(envoy.filters.http.rbac)%% %%DYNAMIC_METADATA(envoy.common)%%\\n"}}
              http_filters:
              - name: rbac
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3\
    .RBAC%2$s}
              - name: router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3\
    .Router}
              route_config:
                virtual_hosts:
                - name: all
                  domains: ["*"]
                  routes:
                  - match: {prefix: /off}
                    direct_response: {status: 200, body: {inline_string: in}}
                    typed_per_filter_config: {rbac: {"@type": type.googleapis.com/envoy.extensions\
    .filters.http.rbac.v3.RBACPerRoute}}
                  - match: {prefix: /disabled}
                    direct_response: {status: 200, body: {inline_string: in}}
                    typed_per_filter_config: {rbac: {"@type": type.googleapis.com/envoy.config.route\
    .v3.FilterConfig, disabled: true}}
                  - match: {prefix: /other}
                    direct_response: {status: 200, body: {inline_string: in}}
                    typed_per_filter_config: {rbac: {"@type": type.googleapis.com/envoy.extensions\
    .filters.http.rbac.v3.RBACPerRoute, rbac: {rules_stat_prefix: route, shadow_rules_stat_prefix: \
    here_, rules: {action: DENY, policies: {of route: {permissions: [{header: {name: x-who}}], \
    principals: [{any: true}]}}}, shadow_rules: {action: DENY, policies: {s: {permissions: \
    [{header: {name: x-who}}], principals: [{any: true}]}}}}}}
                  - match: {prefix: /}
                    direct_response: {status: 200, body: {inline_string: in}}
    """
        .formatted(name, rules.isEmpty() ? "" : ", " + rules);
  }
}
