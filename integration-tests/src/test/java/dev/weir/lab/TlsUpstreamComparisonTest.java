package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.Pki.Wish;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of cluster with TLS before every kind of server, on Envoy and on Weir: the same
/// servers are accepted, and told the same; the same are refused, with the same words.
class TlsUpstreamComparisonTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Pattern COMPARED =
      Pattern.compile("cluster\\.[a-z_0-9]+\\.(ssl|upstream_cx_connect|upstream_cx_destroy)\\b.*");
  private static final Pattern LEFT_OUT =
      Pattern.compile(".*\\.(sigalgs|certificate|ocsp_staple_\\w+|session_reused)\\b.*");
  private static final String LOG =
      "%UPSTREAM_CLUSTER% %RESPONSE_FLAGS% %UPSTREAM_TRANSPORT_FAILURE_REASON%"
          + " %UPSTREAM_TLS_VERSION% %UPSTREAM_TLS_CIPHER% %UPSTREAM_PEER_SUBJECT%"
          + " %UPSTREAM_PEER_ISSUER% %UPSTREAM_PEER_DNS_SAN% %UPSTREAM_PEER_URI_SAN%"
          + " %UPSTREAM_LOCAL_URI_SAN% %UPSTREAM_SERVER_NAME%\\n";

  private final Map<String, TlsBackend> servers = new LinkedHashMap<>();
  private final Map<String, String> contexts = new LinkedHashMap<>();

  @Test
  void everyServerIsMetWithInTheSameWay(@TempDir Path folder) throws IOException {
    var pki = new Pki(folder);
    startServers(pki);
    describeClusters(pki);
    try {
      var expected = observe(ProxyKind.ENVOY, folder);
      assertEquals(expected.text(), observe(ProxyKind.WEIR, folder).text());
      assertEquals(
          expected.text(TlsUpstreamComparisonTest::known),
          observe(ProxyKind.WEIR_WITH_JDK_TLS, folder).text(TlsUpstreamComparisonTest::known));
    } finally {
      servers.values().forEach(TlsBackend::close);
    }
  }

  /// The JDK does not tell what the keys were exchanged with.
  private static String known(String line) {
    return line.contains(".curves.") ? "" : line;
  }

  private void startServers(Pki pki) {
    var root = pki.make("root", Wish.authority(null));
    var between = pki.make("between", Wish.authority(root));
    var stranger = pki.make("stranger", Wish.authority(null));
    pki.make("client", Wish.of(root, "URI:spiffe://a/client"));
    var good = pki.make("good", Wish.of(root, "DNS:good.test,URI:spiffe://a/good"));
    servers.put("good", TlsBackend.start(good, false));
    servers.put("modern", TlsBackend.start(good, false, "TLSv1.3"));
    servers.put("asking", TlsBackend.start(good, true));
    serve(pki, "wild", Wish.of(root, "DNS:*.good.test"));
    serve(pki, "rsa", Wish.of(root, "DNS:good.test").withRsa());
    serve(pki, "deep", Wish.of(between, "DNS:good.test"));
    serve(pki, "strange", Wish.of(stranger, "DNS:good.test,URI:spiffe://a/good"));
    serve(pki, "self", Wish.of(null, "DNS:good.test"));
    serve(pki, "nameless", Wish.of(root, ""));
    serve(
        pki, "expired", Wish.of(root, "DNS:good.test").valid(DAY.multipliedBy(-2), DAY.negated()));
    serve(
        pki,
        "enciphering",
        Wish.of(root, "DNS:good.test").withRsa().using(KeyUsage.keyEncipherment));
    serve(pki, "misused", Wish.of(root, "DNS:good.test").only(KeyPurposeId.id_kp_clientAuth));
  }

  private void serve(Pki pki, String name, Wish wish) {
    servers.put(name, TlsBackend.start(pki.make(name, wish), false));
  }

  private void describeClusters(Pki pki) {
    contexts.put("blind", "common_tls_context: {}\n");
    contexts.put(
        "named", "sni: good.test\ncommon_tls_context:\n  alpn_protocols: [h2, http/1.1]\n");
    contexts.put("lax", "enforce_rsa_key_usage: false\ncommon_tls_context: {}\n");
    contexts.put("strict", "enforce_rsa_key_usage: true\ncommon_tls_context: {}\n");
    trusting("trusting", "");
    trusting("exact", names("DNS", "exact: good.test"));
    trusting("below", names("DNS", "exact: a.good.test"));
    trusting("suffix", names("DNS", "suffix: good.test"));
    trusting("spiffe", names("URI", "prefix: 'spiffe://a/'"));
    trusting("late", "allow_expired_certificate: true\n");
    trusting("careless", "trust_chain_verification: ACCEPT_UNTRUSTED\n" + names("DNS", "exact: x"));
    contexts.put(
        "pinned",
        """
        common_tls_context:
          validation_context: { verify_certificate_hash: [%s] }
        """
            .formatted(Certificates.sha256(pki.path("good.pem"))));
    contexts.put(
        "checked",
        """
        sni: good.test
        auto_sni_san_validation: true
        common_tls_context:
          validation_context: { trusted_ca: { filename: $/root.pem } }
        """);
    contexts.put(
        "shown",
        """
        common_tls_context:
          tls_params: { tls_maximum_protocol_version: TLSv1_3 }
          tls_certificates:
          - { certificate_chain: { filename: $/client.pem }, private_key: { filename: $/client.key } }
        """);
  }

  private static String names(String kind, String matcher) {
    return "match_typed_subject_alt_names: [{ san_type: %s, matcher: { %s } }]\n"
        .formatted(kind, matcher);
  }

  private void trusting(String name, String rules) {
    contexts.put(
        name,
        "common_tls_context:\n  tls_params: { tls_maximum_protocol_version: TLSv1_3 }\n"
            + "  validation_context:\n    trusted_ca: { filename: $/root.pem }\n"
            + rules.indent(4));
  }

  private Seen observe(ProxyKind kind, Path folder) throws IOException {
    var seen = new Seen();
    try (var proxy = Proxy.start(kind, bootstrap(folder))) {
      var ports = proxy.ports();
      for (var entry : ports.entrySet()) {
        seen.put(entry.getKey(), ask(entry.getValue()));
      }
      Await.until(
          "all upstream connections closed",
          () -> count(proxy.stats(), "upstream_cx_destroy"),
          it -> it == ports.size());
      seen.putStats(proxy, COMPARED, LEFT_OUT);
      proxy.stop();
      for (var line : proxy.output()) {
        seen.put("log " + line.substring(0, line.indexOf(' ')), line);
      }
    }
    return seen;
  }

  private static long count(Map<String, Long> stats, String counter) {
    return stats.entrySet().stream()
        .filter(it -> it.getKey().endsWith("." + counter))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static String ask(int port) throws IOException {
    try (var client = Peer.connect(port)) {
      client.send("hello\n");
      var answer = client.line();
      return answer.equals(Peer.RST) ? Peer.EOF : answer; // a matter of who is faster
    }
  }

  private String bootstrap(Path folder) {
    var listeners = Stream.<String>builder();
    var clusters = Stream.<String>builder();
    contexts.forEach((context, fields) ->
        servers.forEach((server, backend) -> {
          var name = context + "_" + server;
          listeners.add(
              Bootstraps.listener(
                  name,
                  """
                  cluster: %s
                  access_log:
                  - name: envoy.access_loggers.file
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                      path: /dev/stdout
                      log_format: { text_format_source: { inline_string: "%s" } }
                  """
                      .formatted(name, LOG)));
          clusters.add(
              Bootstraps.cluster(name, backend.port())
                  + """
                    transport_socket:
                      name: envoy.transport_sockets.tls
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                  """
                  + fields.replace("$", folder.toString()).indent(6));
        }));
    return Bootstraps.of(listeners.build(), clusters.build());
  }
}
