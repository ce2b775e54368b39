package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.QueryParameter;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A service that says which requests may go on, on Envoy and on Weir: the same questions, the same
/// requests let in and changed in the same way, and the same answered, counted and logged. One
/// start of each serves all cases.
class RequestAuthzComparisonTest {
  private static final Pattern COUNTED =
      Pattern.compile("http\\..*ext_authz\\..*|cluster\\.one\\.(ext_authz\\..*|upstream_rq_\\d.*)");

  private static final List<String> REQUESTS =
      List.of(
          "GET /p?a=1&b=2&c\nhost: a\nx-who: me\nx-who: you\nx-rm: 1",
          "POST /p\nhost: a\ncontent-length: 5\nx-envoy-auth-partial-body: x\n\nhello",
          "POST /p\nhost: a\ncontent-length: 30\n\nhello hello hello hello hello!",
          "POST /p\nhost: a\ntransfer-encoding: chunked\n\n3\r\nhel\r\n4\r\nlo h\r\n0\r\n\r\n",
          "GET /off\nhost: a",
          "GET /ext\nhost: a",
          "POST /own\nhost: a\ncontent-length: 5\n\nhello",
          "POST /nobody\nhost: a\ncontent-length: 5\n\nhello");

  private static final List<String> VERDICTS =
      List.of(
          "200",
          "200 x-up=1 x-who=he x-app=2 x-client=3 x-note=4 x-other=5",
          "200 x-envoy-auth-headers-to-remove=x-rm,host",
          "401 www-authenticate=Basic x-client=3 x-other=5 body=no",
          "302 location=/there",
          "403",
          "503",
          "500 body=broken",
          "204 x-up=1");

  private record Case(String fields, Judge.Answer answer) {}

  private final Map<String, Case> cases = new TreeMap<>();

  private void grpc(String name, String fields, Judge.Answer answer) {
    cases.put("g-" + name, new Case(fields + "grpc_service: SERVICE", answer));
  }

  private void http(String name, String fields, String service) {
    cases.put(
        "h-" + name,
        new Case(
            fields
                + "http_service: {server_uri: {uri: http://judge.example, cluster: http, timeout:"
                + " 2s}"
                + service
                + "}",
            new Judge.Answer.Silence()));
  }

  private static Judge.Answer ok(OkHttpResponse.Builder ok) {
    return Judge.Answer.of(CheckResponse.newBuilder().setOkResponse(ok).build());
  }

  private static Judge.Answer denied(DeniedHttpResponse.Builder denied) {
    return Judge.Answer.of(refusal().setDeniedResponse(denied).build());
  }

  private static CheckResponse.Builder refusal() {
    return CheckResponse.newBuilder().setStatus(com.google.rpc.Status.newBuilder().setCode(7));
  }

  private static HeaderValueOption.Builder header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value));
  }

  @SuppressWarnings("deprecation") // services say it this way too
  private static HeaderValueOption append(String name, String value, boolean append) {
    return header(name, value).setAppend(BoolValue.of(append)).build();
  }

  private static OkHttpResponse.Builder edits() {
    var edits = OkHttpResponse.newBuilder();
    edits.addHeaders(header("x-plain", "new")).addHeaders(header("X-Who", "he"));
    edits.addHeaders(append("x-who", "she", true)).addHeaders(append("x-absent", "1", true));
    edits.addHeaders(append("x-over", "1", false)).addHeaders(append("x-over", "2", false));
    edits.addHeadersToRemove("X-Rm").addHeadersToRemove("host").addHeadersToRemove(":path");
    edits.addResponseHeadersToAdd(header("x-plain", "new"));
    edits.addResponseHeadersToAdd(append("x-keep", "app", true));
    edits.addResponseHeadersToAdd(append("server", "over", false));
    return edits;
  }

  private static OkHttpResponse.Builder actions(boolean ofRequest) {
    var edits = OkHttpResponse.newBuilder();
    for (var action : HeaderAppendAction.values()) {
      if (action != HeaderAppendAction.UNRECOGNIZED) {
        var number = Integer.toString(action.getNumber());
        var known = header(ofRequest ? "x-who" : "x-keep", number).setAppendAction(action);
        var fresh = header("x-new-" + number, "1").setAppendAction(action);
        if (ofRequest) {
          edits.addHeaders(known).addHeaders(fresh);
        } else {
          edits.addResponseHeadersToAdd(known).addResponseHeadersToAdd(fresh);
        }
      }
    }
    return edits;
  }

  private static DeniedHttpResponse.Builder refusing() {
    return DeniedHttpResponse.newBuilder()
        .setStatus(HttpStatus.newBuilder().setCode(StatusCode.Unauthorized))
        .addHeaders(header("www-authenticate", "Basic"))
        .addHeaders(append("set-cookie", "a=1", true))
        .addHeaders(append("set-cookie", "b=2", true))
        .addHeaders(append("x-over", "1", false))
        .addHeaders(append("x-over", "2", false))
        .addHeaders(header("content-type", "application/json"))
        .setBody("{\"no\": true}");
  }

  private static Struct struct() {
    return Struct.newBuilder()
        .putFields("who", Value.newBuilder().setStringValue("me").build())
        .build();
  }

  /// `error_response`, which the API jar does not know.
  private static Judge.Answer cannotTell() {
    var error =
        UnknownFieldSet.newBuilder()
            .addField(
                5,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(refusing().build().toByteString())
                    .build());
    return Judge.Answer.of(refusal().setUnknownFields(error.build()).build());
  }

  private void fill() {
    var plain = ok(OkHttpResponse.newBuilder());
    var garbage = new Judge.Answer.Bytes(ByteString.copyFrom(new byte[] {(byte) 0xff, 1, 2, 3}));
    grpc("ok", "", plain);
    grpc("edits", "", ok(edits()));
    grpc("actions", "", ok(actions(true)));
    grpc("response-actions", "", ok(actions(false)));
    grpc(
        "query",
        "",
        ok(
            OkHttpResponse.newBuilder()
                .addQueryParametersToSet(QueryParameter.newBuilder().setKey("a").setValue("9"))
                .addQueryParametersToSet(QueryParameter.newBuilder().setKey("d").setValue("x"))
                .addQueryParametersToRemove("b")));
    var elsewhere = ok(OkHttpResponse.newBuilder().addHeaders(append(":path", "/ext", false)));
    grpc("path", "", elsewhere);
    grpc("path-cleared", "clear_route_cache: true, ", elsewhere);
    grpc("denied", "", Judge.Answer.of(refusal().build()));
    grpc("refusing", "", denied(refusing()));
    grpc("refusing-cut", "max_denied_response_body_bytes: 4, ", denied(refusing()));
    grpc("uncharged", "charge_cluster_response_stats: false, ", denied(refusing()));
    grpc("prefixed", "stat_prefix: mine, ", denied(refusing()));
    grpc("cannot-tell", "", cannotTell());
    grpc("cannot-tell-open", "failure_mode_allow: true, ", cannotTell());
    var noting =
        Judge.Answer.of(
            CheckResponse.newBuilder()
                .setOkResponse(OkHttpResponse.newBuilder())
                .setDynamicMetadata(struct())
                .build());
    grpc("noting", "", noting);
    grpc("not-noting", "enable_dynamic_metadata_ingestion: false, ", noting);
    grpc("denied-noting", "", Judge.Answer.of(refusal().setDynamicMetadata(struct()).build()));
    grpc("garbage", "", garbage);
    grpc("garbage-open", "failure_mode_allow: true, ", garbage);
    grpc(
        "garbage-told", "failure_mode_allow: true, failure_mode_allow_header_add: true, ", garbage);
    grpc("status-on-error", "status_on_error: {code: 502}, ", garbage);
    grpc("silent", "", new Judge.Answer.Silence());
    grpc("failing-open", "failure_mode_allow: true, ", new Judge.Answer.Failure(Status.INTERNAL));
    var none = "filter_enabled: {default_value: {numerator: 0}}, ";
    grpc("off", none, denied(refusing()));
    grpc(
        "off-denied",
        none + "deny_at_disable: {default_value: true, runtime_key: x}, ",
        denied(refusing()));
    grpc(
        "off-by-metadata",
        "filter_enabled_metadata: {filter: x, path: [{key: w}], value: {present_match: true}}, ",
        denied(refusing()));
    grpc("body", "with_request_body: {max_request_bytes: 20}, ", plain);
    grpc(
        "body-partial",
        "with_request_body: {max_request_bytes: 6, allow_partial_message: true}, ",
        plain);
    grpc("body-raw", "with_request_body: {max_request_bytes: 100, pack_as_bytes: true}, ", plain);
    grpc("allowed-headers", "allowed_headers: {patterns: [{exact: x-who}]}, ", plain);
    grpc("disallowed-headers", "disallowed_headers: {patterns: [{prefix: x-}]}, ", plain);
    grpc("raw-headers", "encode_raw_headers: true, ", plain);
    grpc("told", "include_tls_session: true, bootstrap_metadata_labels_key: mine, ", plain);
    grpc("route-metadata", "route_metadata_context_namespaces: [r, s], ", plain);
    grpc("strict", "validate_mutations: true, ", ok(edits().addHeaders(header("x y", "1"))));
    grpc(
        "strict-value",
        "validate_mutations: true, ",
        ok(OkHttpResponse.newBuilder().addHeaders(header("x", "1\r\ny: 2"))));
    for (var rule :
        List.of(
            "disallow_all: true",
            "disallow_system: true",
            "allow_all_routing: true",
            "disallow_expression: {regex: x-who}",
            "disallow_all: true, allow_expression: {regex: x-who}",
            "disallow_all: true, disallow_is_error: true")) {
      grpc(
          "rules " + rule.replaceAll("[^a-z]+", " "),
          "decoder_header_mutation_rules: {" + rule + "}, ",
          ok(edits().addHeaders(append("x-envoy-x", "1", false))));
    }
    http("plain", "", "");
    http("open", "failure_mode_allow: true, ", "");
    http("prefix", "", ", path_prefix: /auth");
    http("override", "", ", path_override: /auth");
    http(
        "headers",
        "allowed_headers: {patterns: [{prefix: x-}]}, with_request_body: {max_request_bytes: 50}, ",
        ", authorization_request: {headers_to_add: [{key: x-added, value:"
            + " 'v-%REQ(x-who)%'}]}, authorization_response: {allowed_upstream_headers: {patterns:"
            + " [{exact: x-up}, {exact: x-who}]}, allowed_upstream_headers_to_append: {patterns:"
            + " [{exact: x-app}, {exact: x-who}]}, allowed_client_headers: {patterns: [{exact:"
            + " x-client}]}, allowed_client_headers_on_success: {patterns: [{exact: x-client}]},"
            + " dynamic_metadata_from_headers: {patterns: [{exact: x-note}]}}");
  }

  @Test
  void theSameRequestsGoOn() throws Exception {
    fill();
    var expected = observe(ProxyKind.ENVOY);
    assertEquals(expected, observe(ProxyKind.WEIR));
  }

  private String observe(ProxyKind kind) throws Exception {
    try (var judge = Judge.start(0);
        var other = HttpJudge.start();
        var echo = HttpEcho.start();
        var proxy = Proxy.start(kind, bootstrap(judge.port(), other.port(), echo.port()))) {
      cases.forEach((name, it) -> judge.answer(name, it.answer));
      judge.answer("own", new Judge.Answer.Bytes(ByteString.EMPTY));
      var seen = new ArrayList<String>();
      var ports = proxy.ports();
      for (var name : cases.keySet()) {
        int port = ports.getOrDefault(name, 0);
        if (name.startsWith("h-")) {
          for (var verdict : VERDICTS) {
            var request =
                "POST /p?a=1\nhost: a\nx-who: me\nx-rm: 1\nx-app: 0\ncontent-length: 5\n"
                    + "authorization: %s\n\nhello";
            seen.add(name + " " + verdict + ": " + ask(port, request.formatted(verdict)));
          }
        } else {
          for (var request : name.equals("g-silent") ? REQUESTS.subList(0, 1) : REQUESTS) {
            seen.add(name + " " + request + ": " + ask(port, request));
          }
        }
        while (judge.asked("own") > 0) {
          seen.add(name + " asked elsewhere " + question(judge.next("own")));
        }
        while (judge.asked(name) > 0) {
          seen.add(name + " asked " + question(judge.next(name)));
        }
      }
      var stats = proxy.stats();
      stats.keySet().removeIf(it -> !COUNTED.matcher(it).matches());
      stats.values().removeIf(it -> it == 0);
      proxy.stop();
      return String.join("\n", seen)
          + "\n"
          + other.questions().replaceAll("X-request-id=[^,}]*", "X-request-id")
          + "\n"
          + stats.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"))
          + "\n"
          + log(proxy);
    }
  }

  private static String question(Judge.Question question) throws Exception {
    var text = TextFormat.printer().shortDebugString(CheckRequest.parseFrom(question.message()));
    return sorted(text)
        .replaceAll("port_value: \\d+", "port_value: PORT")
        .replaceAll("time \\{[^}]*}", "time")
        .replaceAll("id: \"\\d+\"", "id")
        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID");
  }

  /// Headers as they came have no order that matters.
  private static String sorted(String text) {
    var raw = Pattern.compile("headers \\{ key: \"[^\"]*\" raw_value: \"[^\"]*\" } ?");
    var found = raw.matcher(text).results().map(it -> it.group()).sorted().toList();
    return raw.matcher(text).replaceAll("") + found;
  }

  private static String log(Proxy proxy) throws Exception {
    return proxy.output().stream()
        .map(it -> it.replaceAll("(ext_authz_duration\":)[0-9.]+", "$1N"))
        .collect(Collectors.joining("\n"));
  }

  private static String ask(int port, String request) {
    var parts = request.split("\n\n", 2);
    var bytes =
        parts[0].replaceFirst("\n", " HTTP/1.1\n").replace("\n", "\r\n")
            + "\r\nconnection: close\r\n\r\n"
            + (parts.length > 1 ? parts[1] : "");
    return new RawRequest("", 0, bytes)
        .send(port)
        .replaceAll("(?i)date: [^\r]*\r\n", "")
        .replaceAll("x-envoy-upstream-service-time: \\d+", "service-time")
        .lines()
        .sorted()
        .collect(Collectors.joining("|"));
  }

  private String bootstrap(int judge, int other, int echo) {
    var listeners =
        cases.entrySet().stream()
            .map(it -> listener(it.getKey(), it.getValue()))
            .collect(Collectors.joining());
    return "node: {id: me, cluster: us, metadata: {mine: {a: b, d: 1}}}\n"
        + "static_resources:\n  listeners:\n"
        + listeners
        + "  clusters:\n"
        + Bootstraps.cluster("one", echo).indent(2)
        + Bootstraps.cluster("http", other).indent(2)
        + Bootstraps.cluster("judge", judge).stripTrailing().indent(2)
        + "    http2_protocol_options: {}\n";
  }

  private static String listener(String name, Case it) {
    var service =
        "{envoy_grpc: {cluster_name: judge}, initial_metadata: [{key: case, value: '%s'}]%s}"
            .formatted(name, name.equals("g-silent") ? "" : ", timeout: 20s");
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
    %%DYNAMIC_METADATA(envoy.filters.http.ext_authz)%% %%UPSTREAM_CLUSTER%%\\n"}}
              http_filters:
              - name: authz
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz\
    .v3.ExtAuthz, transport_api_version: V3, %2$s}
              - name: router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3\
    .Router}
              route_config:
                virtual_hosts:
                - name: all
                  domains: ["*"]
                  response_headers_to_add: [{header: {key: x-keep, value: up}}]
                  typed_per_filter_config: {authz: {"@type": type.googleapis.com/envoy.extensions\
    .filters.http.ext_authz.v3.ExtAuthzPerRoute, check_settings: {context_extensions: {a: host, v: \
    w}}}}
                  routes:
                  - match: {prefix: /off}
                    route: {cluster: one}
                    typed_per_filter_config: {authz: {"@type": type.googleapis.com/envoy.extensions\
    .filters.http.ext_authz.v3.ExtAuthzPerRoute, disabled: true}}
                  - match: {prefix: /ext}
                    route: {cluster: one}
                    metadata: {filter_metadata: {r: {k: v}, t: {k: v}}}
                    typed_per_filter_config: {authz: {"@type": type.googleapis.com/envoy.extensions\
    .filters.http.ext_authz.v3.ExtAuthzPerRoute, check_settings: {context_extensions: {a: b}}}}
                  - match: {prefix: /own}
                    direct_response: {status: 200, body: {inline_string: in}}
                    typed_per_filter_config: {authz: {"@type": type.googleapis.com/envoy.extensions\
    .filters.http.ext_authz.v3.ExtAuthzPerRoute, check_settings: {with_request_body: \
    {max_request_bytes: 3, allow_partial_message: true}, grpc_service: {envoy_grpc: {cluster_name: \
    judge}, timeout: 20s, initial_metadata: [{key: case, value: own}]}}}}
                  - match: {prefix: /nobody}
                    direct_response: {status: 200, body: {inline_string: in}}
                    typed_per_filter_config: {authz: {"@type": type.googleapis.com/envoy.extensions\
    .filters.http.ext_authz.v3.ExtAuthzPerRoute, check_settings: {disable_request_body_buffering: \
    true}}}
                  - match: {prefix: /}
                    route: {cluster: one}
    """
        .formatted(name, it.fields.replace("SERVICE", service));
  }
}
