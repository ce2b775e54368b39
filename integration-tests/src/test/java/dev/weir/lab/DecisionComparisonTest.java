package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Network filters that ask a gRPC service about connections, on Envoy and on Weir: the same
/// questions, the same connections let in, and the same counted and logged. One start of each
/// serves all cases.
class DecisionComparisonTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final Pattern COUNTED =
      Pattern.compile(
          "(ext_authz|ratelimit)\\..*|cluster\\.(judge|down)\\.(internal\\.)?upstream_rq_.*");

  private static final String AUTHZ = "ext_authz.v3.ExtAuthz, ";
  private static final String LIMIT =
      "ratelimit.v3.RateLimit, domain: lab, descriptors: [{entries: [{key: k, value: v}]}], ";

  /// A question that is not answered ends by our timeout, or by that of the server.
  private static final Pattern BY_CHANCE = Pattern.compile(".*rq_(50[34]|timeout|[rt]x_reset)");

  /// Notes something as dynamic metadata.
  private static final String NOTING =
      """
          - name: noting
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.rbac.v3\
      .RBAC, stat_prefix: noting, shadow_rules: {action: DENY, policies: {p: {permissions: [{any: \
      true}], principals: [{any: true}]}}}}
      """;

  /// A filter by the name of its listener.
  ///
  /// @param fields of its message, where `SERVICE` is a `GrpcService`
  /// @param cluster that the service is to be found at
  private record Case(String fields, String cluster, Judge.Answer answer) {}

  private final Map<String, Case> cases = new TreeMap<>();

  private void authz(String name, String fields, Judge.Answer answer) {
    cases.put("a-" + name, new Case(AUTHZ + fields + "grpc_service: SERVICE", "judge", answer));
  }

  private void limit(String name, String fields, Judge.Answer answer) {
    cases.put(
        "r-" + name,
        new Case(
            LIMIT
                + (fields.contains("timeout") || name.contains("silent") ? "" : "timeout: 20s, ")
                + fields
                + "rate_limit_service: {transport_api_version: V3, grpc_service: SERVICE}",
            "judge",
            answer));
  }

  private static Judge.Answer verdict(Code code) {
    return Judge.Answer.of(CheckResponse.newBuilder().setStatus(status(code)).build());
  }

  private static com.google.rpc.Status status(Code code) {
    return com.google.rpc.Status.newBuilder().setCode(code.getNumber()).build();
  }

  private static Struct struct() {
    return Struct.newBuilder()
        .putFields("who", Value.newBuilder().setStringValue("me").build())
        .putFields("n", Value.newBuilder().setNumberValue(3).build())
        .build();
  }

  private static Judge.Answer limited(RateLimitResponse.Code code) {
    return Judge.Answer.of(RateLimitResponse.newBuilder().setOverallCode(code).build());
  }

  private static final Judge.Answer GARBAGE =
      new Judge.Answer.Bytes(ByteString.copyFrom(new byte[] {(byte) 0xff, 1, 2, 3}));

  private void fill() {
    authz("ok", "", verdict(Code.OK));
    authz("denied", "", verdict(Code.PERMISSION_DENIED));
    authz("denied-but-allowed", "failure_mode_allow: true, ", verdict(Code.UNAUTHENTICATED));
    authz(
        "ok-metadata",
        "",
        Judge.Answer.of(
            CheckResponse.newBuilder()
                .setStatus(status(Code.OK))
                .setDynamicMetadata(struct())
                .build()));
    authz("ok-old-metadata", "", oldMetadata());
    authz(
        "denied-metadata",
        "",
        Judge.Answer.of(
            CheckResponse.newBuilder()
                .setStatus(status(Code.ABORTED))
                .setDynamicMetadata(struct())
                .build()));
    authz("empty-answer", "", new Judge.Answer.Bytes(ByteString.EMPTY));
    authz("garbage", "", GARBAGE);
    authz("garbage-allowed", "failure_mode_allow: true, ", GARBAGE);
    authz("silent", "", new Judge.Answer.Silence());
    authz("silent-allowed", "failure_mode_allow: true, ", new Judge.Answer.Silence());
    authz("unavailable", "", new Judge.Answer.Failure(Status.UNAVAILABLE));
    authz(
        "internal-allowed",
        "failure_mode_allow: true, ",
        new Judge.Answer.Failure(Status.INTERNAL));
    authz("shadow-ok", "shadow_mode: true, ", verdict(Code.OK));
    authz("shadow-denied", "shadow_mode: true, ", verdict(Code.PERMISSION_DENIED));
    authz("shadow-error", "shadow_mode: true, ", new Judge.Answer.Failure(Status.INTERNAL));
    authz(
        "off",
        "filter_enabled_metadata: {filter: x, path: [{key: z}], value: {present_match: true}}, ",
        verdict(Code.PERMISSION_DENIED));
    authz(
        "on",
        "filter_enabled_metadata: {filter: x, path: [{key: z}], value: {present_match: true},"
            + " invert: true}, ",
        verdict(Code.PERMISSION_DENIED));
    authz("labels", "bootstrap_metadata_labels_key: mine, ", verdict(Code.OK));
    authz("no-labels", "bootstrap_metadata_labels_key: other, ", verdict(Code.OK));
    authz(
        "namespaces",
        "metadata_context_namespaces: [x, envoy.filters.network.rbac], ",
        verdict(Code.OK));
    authz(
        "noted",
        "filter_enabled_metadata: {filter: envoy.filters.network.rbac, path: [{key:"
            + " shadow_engine_result}], value: {string_match: {exact: denied}}}, ",
        verdict(Code.PERMISSION_DENIED));
    authz(
        "session", "include_tls_session: true, include_peer_certificate: true, ", verdict(Code.OK));
    cases.put(
        "a-no-cluster", new Case(AUTHZ + "grpc_service: SERVICE", "nobody", verdict(Code.OK)));
    cases.put("a-down", new Case(AUTHZ + "grpc_service: SERVICE", "down", verdict(Code.OK)));
    limit("ok", "", limited(RateLimitResponse.Code.OK));
    limit("over", "", limited(RateLimitResponse.Code.OVER_LIMIT));
    limit("unknown", "", limited(RateLimitResponse.Code.UNKNOWN));
    limit("error", "", new Judge.Answer.Failure(Status.INTERNAL));
    limit("error-deny", "failure_mode_deny: true, ", new Judge.Answer.Failure(Status.INTERNAL));
    limit("silent", "timeout: 0.1s, ", new Judge.Answer.Silence());
    limit("silent-deny", "failure_mode_deny: true, ", new Judge.Answer.Silence());
    limit("garbage", "", GARBAGE);
    limit(
        "metadata",
        "",
        Judge.Answer.of(
            RateLimitResponse.newBuilder()
                .setOverallCode(RateLimitResponse.Code.OVER_LIMIT)
                .setDynamicMetadata(struct())
                .build()));
    cases.put(
        "r-descriptors",
        new Case(
            "ratelimit.v3.RateLimit, domain: lab, timeout: 20s, descriptors: [{entries: [{key: a,"
                + " value: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%'}, {key: b, value: x}], limit:"
                + " {requests_per_unit: 7, unit: MINUTE}}, {entries: [{key: c, value:"
                + " '%REQUESTED_SERVER_NAME%-%DYNAMIC_METADATA(q:r)%'}]}], rate_limit_service:"
                + " {transport_api_version: V3, grpc_service: SERVICE}",
            "judge", limited(RateLimitResponse.Code.OK)));
  }

  @SuppressWarnings("deprecation") // where the metadata was before
  private static Judge.Answer oldMetadata() {
    return Judge.Answer.of(
        CheckResponse.newBuilder()
            .setStatus(status(Code.OK))
            .setOkResponse(OkHttpResponse.newBuilder().setDynamicMetadata(struct()))
            .build());
  }

  /// Clients with certificates, whose authority and whose server have theirs in the folder.
  private record Certified(Path folder, Pki.Identity named, Pki.Identity nameless) {
    static Certified make(Path folder) {
      var pki = new Pki(folder);
      var authority = pki.make("ca", Pki.Wish.authority(null));
      pki.make("gateway", Pki.Wish.of(authority, "DNS:gateway.test,DNS:other.test"));
      return new Certified(
          folder,
          pki.make("client", Pki.Wish.of(authority, "DNS:client.test,URI:spiffe://a/b")),
          pki.make("nameless", Pki.Wish.of(authority, "")));
    }
  }

  @Test
  void theSameConnectionsAreLetIn(@TempDir Path folder) throws Exception {
    fill();
    var certificates = Certified.make(folder);
    var expected = observe(ProxyKind.ENVOY, certificates);
    assertEquals(expected, observe(ProxyKind.WEIR, certificates));
  }

  private String observe(ProxyKind kind, Certified certificates) throws Exception {
    try (var judge = Judge.start(0);
        var echo = Echo.start("one", ANY);
        var proxy = Proxy.start(kind, bootstrap(judge.port(), echo.port(), certificates.folder))) {
      cases.forEach((name, it) -> judge.answer(name, it.answer));
      judge.answer("a-tls", verdict(Code.OK));
      var seen = new ArrayList<String>();
      var ports = proxy.ports();
      for (var name : cases.keySet()) {
        seen.add(
            name + ": " + Peer.ask(ports.getOrDefault(name, 0), "hello").replace("RST", "EOF"));
      }
      int tls = ports.getOrDefault("a-tls", 0);
      seen.add(TlsPeer.PLAIN.showing(certificates.named).to("a.example").visit(tls));
      seen.add(TlsPeer.PLAIN.showing(certificates.nameless).visit(tls));
      for (int i = 0; i < 2; i++) {
        seen.add("tls asked " + question("a-tls", judge.next("a-tls")));
      }
      for (var name : cases.keySet()) {
        if (judge.asked(name) > 0) {
          seen.add(name + " asked " + question(name, judge.next(name)));
        }
      }
      var stats = proxy.stats();
      stats.keySet().removeIf(it -> !COUNTED.matcher(it).matches());
      stats.values().removeIf(it -> it == 0);
      stats.keySet().removeIf(it -> BY_CHANCE.matcher(it).matches());
      stats.replaceAll((name, value) -> name.endsWith(".disabled") ? Long.valueOf(1) : value);
      proxy.stop();
      return String.join("\n", seen)
          + "\n"
          + stats.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"))
          + "\n"
          + log(proxy);
    }
  }

  private static String question(String name, Judge.Question question) throws Exception {
    var message =
        name.startsWith("a-")
            ? CheckRequest.parseFrom(question.message())
            : RateLimitRequest.parseFrom(question.message());
    return question.headers()
        + " "
        + TextFormat.printer()
            .shortDebugString(message)
            .replaceAll("port_value: \\d+", "port_value: PORT");
  }

  private static String log(Proxy proxy) throws Exception {
    return proxy.output().stream()
        .map(it -> it.replaceAll("(ext_authz_duration\":)[0-9.]+", "$1N"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private String bootstrap(int judge, int echo, Path certificates) {
    var listeners =
        cases.entrySet().stream()
            .map(it -> listener(it.getKey(), it.getValue()))
            .collect(Collectors.joining());
    return "node: {id: me, cluster: us, metadata: {mine: {a: b, d: 1}}}\n"
        + "static_resources:\n"
        + "  listeners:\n"
        + listeners
        + tls(certificates)
        + "  clusters:\n"
        + Bootstraps.cluster("one", echo).indent(2)
        + http2(Bootstraps.cluster("judge", judge)).indent(2)
        + http2(Bootstraps.cluster("down", 1)).indent(2);
  }

  /// A listener whose clients have certificates.
  private static String tls(Path certificates) {
    var told =
        new Case(
            AUTHZ
                + "include_tls_session: true, include_peer_certificate: true, grpc_service:"
                + " SERVICE",
            "judge",
            verdict(Code.OK));
    return listener("a-tls", told)
            .replace(
                "    filter_chains:",
                "    listener_filters: [{name: tls, typed_config: {\"@type\": type.googleapis.com/"
                    + "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}]\n"
                    + "    filter_chains:")
        + """
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3\
        .DownstreamTlsContext
                require_client_certificate: true
                common_tls_context:
                  tls_certificates: [{certificate_chain: {filename: "%1$s/gateway.pem"}, \
        private_key: {filename: "%1$s/gateway.key"}}]
                  validation_context: {trusted_ca: {filename: "%1$s/ca.pem"}}
        """
            .formatted(certificates)
            .indent(2);
  }

  private static String http2(String cluster) {
    return cluster.stripTrailing() + "\n  http2_protocol_options: {}\n";
  }

  private static String listener(String name, Case it) {
    var service =
        "{envoy_grpc: {cluster_name: %s}, initial_metadata: [{key: case, value: %s}]%s}"
            .formatted(
                it.cluster,
                name,
                name.startsWith("a-") && !name.contains("silent") ? ", timeout: 20s" : "");
    return """
      - name: %1$s
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        access_log:
        - name: file
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
            path: /dev/stdout
            log_format: {text_format_source: {inline_string: "%1$s %%RESPONSE_FLAGS%% \
    %%RESPONSE_CODE_DETAILS%% %%CONNECTION_TERMINATION_DETAILS%% %%DOWNSTREAM_LOCAL_CLOSE_REASON%% \
    %%DYNAMIC_METADATA(envoy.filters.network.ext_authz)%% \
    %%DYNAMIC_METADATA(envoy.filters.network.ratelimit)%% %%BYTES_SENT%%\\n"}}
        filter_chains:
        - filters:
    %3$s\
          - name: asking
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.%2$s, \
    stat_prefix: %1$s}
          - name: proxy
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy\
    .v3.TcpProxy, stat_prefix: %1$s, cluster: one}
    """
        .formatted(
            name,
            it.fields.replace("SERVICE", service),
            it.fields.contains("network.rbac") ? NOTING.indent(2) : "");
  }
}
