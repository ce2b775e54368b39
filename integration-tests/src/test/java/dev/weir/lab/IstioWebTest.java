package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An Istio gateway for HTTP, HTTPS and TLS, with rotating certificates, policies and telemetry:
/// what istiod makes of it goes to Weir as it is.
@Tag("istio")
class IstioWebTest {
  private static final List<String> EXTENSIONS =
      List.of(
          "envoy.extensions.access_loggers.file.v3.FileAccessLog",
          "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter",
          "envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig",
          "envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig",
          "envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig",
          "envoy.config.trace.v3.ZipkinConfig",
          "envoy.extensions.filters.http.cors.v3.Cors",
          "envoy.extensions.filters.http.cors.v3.CorsPolicy",
          "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
          "envoy.extensions.filters.http.fault.v3.HTTPFault",
          "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig",
          "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
          "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
          "envoy.extensions.filters.http.rbac.v3.RBAC",
          "envoy.extensions.filters.http.router.v3.Router",
          "envoy.extensions.filters.http.wasm.v3.Wasm",
          "envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol",
          "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
          "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
          "envoy.extensions.filters.network.rbac.v3.RBAC",
          "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
          "envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig",
          "envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig",
          "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
          "envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport",
          "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
          "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
          "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
          "envoy.tcp.metadataexchange.config.MetadataExchange",
          "io.istio.http.peer_metadata.Config",
          "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig",
          "stats.PluginConfig");

  /// What the agent adds to the bootstrap if one asks for all that it can.
  private static final String EVERYTHING =
      """
      , "tracing": {"zipkin": {"address": "127.0.0.1:9411"}},
      "statsdUdpAddress": "127.0.0.1:8125",
      "envoyMetricsService": {"address": "127.0.0.1:8126"},
      "envoyAccessLogService": {"address": "127.0.0.1:8127"},
      "proxyStatsMatcher": {"inclusionPrefixes": ["cluster.outbound"], "inclusionRegexps": ["listener.*"]},
      "extraStatTags": ["some"]
      """;

  @TempDir private Path folder = Path.of(".");

  @ParameterizedTest
  @EnumSource
  void routesCertificatesAndPoliciesAreObeyed(XdsMode mode) throws Exception {
    try (var mesh = IstioMesh.startOrSkip()) {
      mesh.startWeb();
      var client = applyCertificates(mesh, "first");
      var agent = mesh.startGateway(mode);
      assertTrue(agent.isAlive(), () -> mesh.log("gateway"));
      routes(mesh);
      certificates(mesh, client);
      policies(mesh);
      tokens(mesh);
      assertEquals(List.of(), missing(mesh));
      assertEquals(List.of(), mesh.complaints());
    }
  }

  @Test
  void whatCannotBeRunIsRefusedAndTheRestGoesOn() throws Exception {
    try (var mesh = IstioMesh.startOrSkip()) {
      mesh.startWeb();
      applyCertificates(mesh, "first");
      mesh.startGateway(XdsMode.DELTA, EVERYTHING);
      Await.until("HTTP is served", () -> ask(mesh, "www", "/"), it -> it.contains(" 200 "));
      mesh.apply("istio-system", IstioMesh.read("lua.yaml"));
      Await.until("it is refused", mesh::complaints, it -> !it.isEmpty());
      assertTrue(mesh.log("istiod").contains("0.0.0.0_8080: filter_chains[0].filters[0]"));
      assertTrue(mesh.log("istiod").contains("envoy.extensions.filters.http.lua.v3.Lua"));
      assertTrue(ask(mesh, "www", "/").contains(" 200 "), "as before");
      mesh.apply("istio-system", IstioMesh.read("seed/ef-tcp_proxy-cluster.yaml"));
      Await.until("TCP has changed", () -> mesh.ask(31400, "hello"), "two hello"::equals);
    }
  }

  /// Secrets as users apply them.
  ///
  /// @param name in the certificate
  /// @return a client that may come in
  private Pki.Identity applyCertificates(IstioMesh mesh, String name) throws IOException {
    var pki = new Pki(Files.createDirectories(folder.resolve(name)));
    pki.make(name, Pki.Wish.of(null, "DNS:www.example.com"));
    var authority = pki.make("authority", Pki.Wish.authority(null));
    var secret =
        """
        apiVersion: v1
        kind: Secret
        metadata: { name: %s }
        type: kubernetes.io/tls
        stringData:
        """;
    var pair =
        member("tls.crt", folder.resolve(name + "/" + name + ".pem"))
            + member("tls.key", folder.resolve(name + "/" + name + ".key"));
    mesh.apply("istio-system", secret.formatted("www") + pair);
    mesh.apply(
        "istio-system",
        secret.formatted("mutual")
            + pair
            + member("ca.crt", folder.resolve(name + "/authority.pem")));
    return pki.make("client", Pki.Wish.of(authority, "DNS:client"));
  }

  private static String member(String name, Path file) throws IOException {
    return "  " + name + ": |\n" + Files.readString(file).indent(4);
  }

  private static String ask(IstioMesh mesh, String host, String path) throws IOException {
    return mesh.get(8080, path, host + ".example.com");
  }

  private void routes(IstioMesh mesh) throws IOException {
    Await.until("HTTP is served", () -> ask(mesh, "www", "/a"), it -> it.contains(" 200 "));
    assertTrue(ask(mesh, "www", "/a").contains("x-set: 1"));
    assertTrue(ask(mesh, "www", "/moved").contains("location: http://www.example.com/new"));
    assertTrue(ask(mesh, "www", "/broken").contains(" 418 "));
    assertTrue(ask(mesh, "old", "/a").contains("location: https://old.example.com/a"));
    assertTrue(ask(mesh, "other", "/a").contains(" 404 "));
  }

  private void certificates(IstioMesh mesh, Pki.Identity client) throws IOException {
    var www = TlsPeer.PLAIN.to("www.example.com");
    Await.until("HTTPS", () -> https(mesh, www), "CN=first HTTP/1.1 200 OK"::equals);
    var mutual = TlsPeer.PLAIN.to("mutual.example.com");
    Await.until(
        "a client that shows who he is",
        () -> https(mesh, mutual.showing(client)),
        "CN=first HTTP/1.1 200 OK"::equals);
    assertEquals("", https(mesh, mutual), "one that does not");
    var tcp = TlsPeer.PLAIN.to("tcp.example.com");
    Await.until(
        "TCP in TLS", () -> mesh.inside(() -> tcp.visit(8444)), it -> it.contains("one he"));
    Await.until("the other", () -> mesh.inside(() -> tcp.visit(8444)), it -> it.contains("two he"));
    applyCertificates(mesh, "second");
    Await.until("another one", () -> https(mesh, www), "CN=second HTTP/1.1 200 OK"::equals);
  }

  /// Whose certificate was shown, and the status; nothing if there was none.
  private static String https(IstioMesh mesh, TlsPeer client) throws IOException {
    return mesh.inside(() -> {
      try (var socket = client.open(8443)) {
        var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        var request =
            "GET / HTTP/1.1\r\nhost: %s\r\nconnection: close\r\n\r\n"
                .formatted(client.serverName());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return answer.lines().findFirst().map(it -> name(shown) + " " + it).orElse("");
      } catch (IOException _) {
        return "";
      }
    });
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  private static void policies(IstioMesh mesh) throws IOException {
    assertTrue(ask(mesh, "www", "/forbidden").contains(" 200 "));
    mesh.apply("istio-system", IstioMesh.read("policies.yaml"));
    Await.until("it is denied", () -> ask(mesh, "www", "/forbidden"), it -> it.contains(" 403 "));
    assertTrue(ask(mesh, "www", "/allowed").contains(" 200 "));
    assertTrue(ask(mesh, "www", "/ask").contains(" 200 "), "whoever is asked allows it");
    assertTrue(ask(mesh, "www", "/ask-status=401").contains(" 401 "), "and does not");
    assertEquals("one hello", mesh.ask(31400, "hello"));
    Await.until(
        "a line of the log",
        () -> mesh.log("gateway"),
        it -> it.contains("\"GET /forbidden HTTP/1.1\" 403 - rbac_access_denied_matched_policy"));
    assertTrue(!mesh.log("gateway").contains("\"GET /allowed HTTP/1.1\" 200"), "by the filter");
    Await.until(
        "the metrics",
        () -> mesh.get(15020, "/stats/prometheus"),
        it ->
            it.lines()
                .anyMatch(line ->
                    line.startsWith("istio_requests_total{")
                        && line.contains("response_code=\"403\"")
                        && line.contains("request_host=\"www.example.com\"")));
  }

  /// Whoever shows a token has to show a good one.
  private static void tokens(IstioMesh mesh) throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var keys = generator.generateKeyPair();
    var modulus = base64(((RSAPublicKey) keys.getPublic()).getModulus().toByteArray());
    mesh.apply(
        "istio-system",
        """
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: { name: tokens }
        spec:
          selector: { matchLabels: { istio: ingressgateway } }
          jwtRules:
          - issuer: us
            jwks: '{"keys": [{"kty": "RSA", "alg": "RS256", "e": "AQAB", "n": "%s"}]}'
            outputClaimToHeaders: [{ header: x-who, claim: sub }]
        """
            .formatted(modulus));
    var text =
        base64("{\"alg\": \"RS256\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + base64("{\"iss\": \"us\", \"sub\": \"me\"}".getBytes(StandardCharsets.UTF_8));
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(text.getBytes(StandardCharsets.UTF_8));
    var token = text + "." + base64(signature.sign());
    Await.until("a bad one", () -> show(mesh, token + "x"), it -> it.contains(" 401 "));
    assertTrue(show(mesh, token).contains("x-who: me"), "a good one");
    assertTrue(ask(mesh, "www", "/").contains(" 200 "), "none");
  }

  private static String show(IstioMesh mesh, String token) throws IOException {
    return mesh.get(8080, "/", "www.example.com\r\nauthorization: Bearer " + token);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Which of the extensions that istiod configures a gateway with are not in force.
  private static List<String> missing(IstioMesh mesh) throws IOException {
    var dump = mesh.get(15000, "/config_dump?include_eds");
    return EXTENSIONS.stream().filter(type -> !dump.contains("/" + type + "\"")).toList();
  }
}
