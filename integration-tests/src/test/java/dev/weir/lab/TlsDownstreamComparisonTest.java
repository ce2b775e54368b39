package dev.weir.lab;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.Pki.Identity;
import dev.weir.lab.Pki.Wish;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every client before every kind of listener, on Envoy and on Weir: the same is agreed on, the
/// same is refused, with the same alert, and the same is counted and logged.
class TlsDownstreamComparisonTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final String SERVER =
      "tls_certificates: [{ certificate_chain: { filename: $/server.pem }, private_key: { filename:"
          + " $/server.key } }]\n";
  private static final String BOTH =
      """
      tls_certificates:
      - { certificate_chain: { filename: $/rsa.pem }, private_key: { filename: $/rsa.key } }
      - { certificate_chain: { filename: $/server.pem }, private_key: { filename: $/server.key } }
      - { certificate_chain: { filename: $/other.pem }, private_key: { filename: $/other.key } }
      """;

  private static final Pattern COMPARED = Pattern.compile("listener\\.[a-z_0-9]+\\.ssl\\..*");

  /// Those that Weir does not count (see `docs/differences.md`), and a time.
  private static final Pattern LEFT_OUT =
      Pattern.compile(".*\\.(sigalgs|certificate|ocsp_staple_\\w+)\\b.*");

  /// A listener that the JDK cannot serve, since its certificate is of another curve; the last one.
  private static final String FOREIGN = "ciphers";

  private final Map<String, String> listeners = new LinkedHashMap<>();
  private final Map<String, TlsPeer> clients = new LinkedHashMap<>();

  @Test
  void everyClientMeetsWithTheSameOnBoth(@TempDir Path folder) throws IOException {
    var pki = new Pki(folder);
    certificates(pki);
    describeListeners(pki);
    var expected = observe(ProxyKind.ENVOY, folder);
    var actual = observe(ProxyKind.WEIR, folder);
    expected.agree((name, seen) -> agree(seen, actual.get(name)));
    assertEquals(expected.text(), actual.text());
    var jdk = observe(ProxyKind.WEIR_WITH_JDK_TLS, folder);
    expected.agree((name, seen) -> agree(seen, jdk.get(name)));
    assertEquals(
        expected.text(TlsDownstreamComparisonTest::known),
        jdk.text(TlsDownstreamComparisonTest::known));
  }

  /// What the JDK's TLS has in common with BoringSSL: a refusal is one, whatever alert tells of it;
  /// it tells neither groups nor what was agreed on before a failure.
  private static String known(String line) {
    boolean foreign =
        line.contains(FOREIGN + " <-")
            || line.contains(": " + FOREIGN + " ")
            || line.startsWith("stat listener." + FOREIGN);
    if (foreign || line.contains(".curves.")) {
      return "";
    }
    return line.replaceAll("Received fatal alert: \\w+", "refused")
        .replaceAll("(TLS_error_end) \\S+ \\S+", "$1");
  }

  /// What was expected, unless the difference is none: a reset may overtake an alert, and nobody
  /// can have BoringSSL send `bad_certificate_hash_value` from Java.
  private static String agree(String expected, String actual) {
    boolean overtaken =
        (expected.equals("closed") && actual.contains("alert"))
            || (actual.equals("closed") && expected.contains("alert"));
    boolean hash =
        expected.endsWith("bad_certificate_hash_value") && actual.endsWith("certificate_unknown");
    return overtaken || hash ? actual : expected;
  }

  private void certificates(Pki pki) {
    var root = pki.make("root", Wish.authority(null));
    var between = pki.make("between", Wish.authority(root));
    var stranger = pki.make("stranger", Wish.authority(null));
    pki.make("server", Wish.of(root, "DNS:server.test,DNS:*.wild.test"));
    pki.make("rsa", Wish.of(root, "DNS:server.test").withRsa());
    pki.make("other", Wish.of(root, "DNS:other.test"));
    var good = pki.make("good", Wish.of(root, "URI:spiffe://a/good,DNS:good.test"));
    var various = "IP:10.1.2.3,IP:fd00::1,email:a@mail.test,other:1.2.3.4=hello";
    show("various", pki.make("various", Wish.of(root, various)));
    var revoked = pki.make("revoked", Wish.of(root, "URI:spiffe://a/revoked"));
    pki.revoke("root", root, revoked);
    client("nobody", TlsPeer.PLAIN);
    client("nobody-1.2", TlsPeer.PLAIN.speaking("TLSv1.2"));
    client("nobody-1.3", TlsPeer.PLAIN.speaking("TLSv1.3"));
    client("named", TlsPeer.PLAIN.to("server.test"));
    client("wild", TlsPeer.PLAIN.to("a.wild.test"));
    client("misnamed", TlsPeer.PLAIN.to("unknown.test"));
    client("other", TlsPeer.PLAIN.to("other.test"));
    client("h2", TlsPeer.PLAIN.offering("h2", "http/1.1"));
    client("unspoken", TlsPeer.PLAIN.offering("gopher"));
    client("good", TlsPeer.PLAIN.showing(good));
    client("good-1.2", TlsPeer.PLAIN.showing(good).speaking("TLSv1.2"));
    client("revoked", TlsPeer.PLAIN.showing(revoked));
    show("rsa-client", pki.make("rsa-client", Wish.of(root, "URI:spiffe://a/rsa").withRsa()));
    show("expired", pki.make("expired", valid(root, DAY.multipliedBy(-2), DAY.negated())));
    show("future", pki.make("future", valid(root, DAY, DAY.multipliedBy(2))));
    show("strange", pki.make("strange", Wish.of(stranger, "URI:spiffe://a/good")));
    show("self", pki.make("self", Wish.of(null, "URI:spiffe://a/good")));
    show("misused", pki.make("misused", misused(root)));
    show("elsewhere", pki.make("elsewhere", Wish.of(root, "URI:spiffe://b/good")));
    show("nameless", pki.make("nameless", Wish.of(root, "")));
    var deep = pki.make("deep", Wish.of(between, "URI:spiffe://a/deep"));
    show("deep", deep);
    show("torn", new Identity("torn", deep.certificate(), deep.keys(), deep.chain().subList(0, 1)));
  }

  private static Wish valid(Identity root, Duration from, Duration to) {
    return Wish.of(root, "URI:spiffe://a/time").valid(from, to);
  }

  private static Wish misused(Identity root) {
    return Wish.of(root, "URI:spiffe://a/good").only(KeyPurposeId.id_kp_serverAuth);
  }

  private void show(String name, Identity identity) {
    client(name, TlsPeer.PLAIN.showing(identity));
  }

  private void client(String name, TlsPeer peer) {
    clients.put(name, peer);
  }

  private void describeListeners(Pki pki) {
    listener("plain", "", SERVER);
    listener("old", "", SERVER + "tls_params: { tls_maximum_protocol_version: TLSv1_2 }");
    listener("new", "", SERVER + "tls_params: { tls_minimum_protocol_version: TLSv1_3 }");
    listener("alpn", "", SERVER + "alpn_protocols: [h2, http/1.1]");
    listener("many", "", BOTH);
    listener("scan", "full_scan_certs_on_sni_mismatch: true\n", BOTH);
    listener("required", "require_client_certificate: true\n", SERVER + trust("root"));
    listener("optional", "", SERVER + trust("root"));
    listener("untrusting", "require_client_certificate: true\n", SERVER);
    listener("untrusted", "", SERVER + trust("root", "trust_chain_verification: ACCEPT_UNTRUSTED"));
    listener("late", "", SERVER + trust("root", "allow_expired_certificate: true"));
    listener("shallow", "", SERVER + trust("root", "max_verify_depth: 0"));
    listener("partial", "", SERVER + trust("between"));
    listener("pinned", "", SERVER + trust("good"));
    listener("crl", "", SERVER + trust("root", "crl: { filename: $/root.crl }"));
    listener(
        "leaf_crl",
        "",
        SERVER + trust("root", "crl: { filename: $/root.crl }", "only_verify_leaf_cert_crl: true"));
    names("uri", "URI", "prefix: spiffe://a/");
    names("regex", "URI", "safe_regex: { regex: 'spiffe://[ab]/go+d' }");
    names("dns", "DNS", "exact: good.test");
    names("ip", "IP_ADDRESS", "exact: 10.1.2.3");
    names("ipv6", "IP_ADDRESS", "exact: fd00::1");
    names("email", "EMAIL", "suffix: '@mail.test'");
    names("other_name", "OTHER_NAME, oid: 1.2.3.4", "exact: hello");
    names("other_oid", "OTHER_NAME, oid: 1.2.3.5", "exact: hello");
    names("nocase", "DNS", "exact: GOOD.test");
    names("contains", "URI", "contains: '/g'");
    listener(
        "hash",
        "",
        SERVER + "validation_context: { verify_certificate_hash: [" + hash(pki, "good") + "] }");
    listener(
        "spki",
        "",
        SERVER + "validation_context: { verify_certificate_spki: ['" + key(pki, "good") + "'] }");
    listener(
        "either",
        "",
        SERVER
            + trust(
                "root",
                "verify_certificate_spki: ['" + key(pki, "good") + "']",
                "verify_certificate_hash: ['" + hash(pki, "revoked") + "']"));
    listener("hidden", "", SERVER + trust("root", "suppress_client_ca_list: true"));
    listener(
        "spiffe",
        "",
        SERVER
            + """
            validation_context:
              custom_validator_config:
                name: envoy.tls.cert_validator.spiffe
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig
                  trust_domains: [{ name: a, trust_bundle: { filename: $/root.pem } }]
            """);
    listener(
        FOREIGN,
        "",
        SERVER
            + "tls_params: { cipher_suites: [ECDHE-ECDSA-AES256-GCM-SHA384], ecdh_curves: [P-384]"
            + " }");
  }

  private void names(String name, String kind, String matcher) {
    listener(
        name,
        "",
        SERVER
            + trust(
                "root",
                "match_typed_subject_alt_names: [{ san_type: %s, matcher: { %s } }]"
                    .formatted(kind, matcher)));
  }

  private static String hash(Pki pki, String name) {
    return Certificates.sha256(pki.path(name + ".pem"));
  }

  private static String key(Pki pki, String name) {
    return Certificates.spki(pki.path(name + ".pem"));
  }

  private static String trust(String authority, String... more) {
    return "validation_context:\n  trusted_ca: { filename: $/"
        + authority
        + ".pem }\n"
        + Stream.of(more).map(it -> "  " + it + "\n").collect(Collectors.joining());
  }

  private void listener(String name, String context, String common) {
    listeners.put(
        name,
        """
        - name: %s
          stat_prefix: %s
          address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
          access_log:
          - name: envoy.access_loggers.file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: /dev/stdout
              log_format: { text_format_source: { inline_string: "%s" } }
          filter_chains:
          - transport_socket:
              name: envoy.transport_sockets.tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
        %s        common_tls_context:
        %s    filters:
            - name: envoy.filters.network.echo
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo
        """
            .formatted(name, name, LOG, context.indent(8), common.indent(10)));
  }

  private static final String LOG =
      "%LISTENER_NAME% %RESPONSE_FLAGS% %DOWNSTREAM_TRANSPORT_FAILURE_REASON%"
          + " %DOWNSTREAM_TLS_VERSION% %DOWNSTREAM_TLS_CIPHER% %REQUESTED_SERVER_NAME%"
          + " %DOWNSTREAM_PEER_SUBJECT% %DOWNSTREAM_PEER_ISSUER% %DOWNSTREAM_PEER_SERIAL%"
          + " %DOWNSTREAM_PEER_URI_SAN% %DOWNSTREAM_PEER_DNS_SAN%"
          + " %DOWNSTREAM_PEER_FINGERPRINT_256% %DOWNSTREAM_PEER_FINGERPRINT_1%"
          + " %DOWNSTREAM_PEER_CERT_V_START% %DOWNSTREAM_PEER_CERT_V_END%"
          + " %DOWNSTREAM_LOCAL_SUBJECT% %DOWNSTREAM_LOCAL_DNS_SAN% %DOWNSTREAM_LOCAL_URI_SAN%"
          + " %DOWNSTREAM_PEER_CERT%\\n";

  private Seen observe(ProxyKind kind, Path folder) throws IOException {
    if (kind == ProxyKind.WEIR_WITH_JDK_TLS) {
      listeners.remove(FOREIGN);
    }
    var bootstrap =
        "static_resources:\n  listeners:\n"
            + String.join("", listeners.values()).replace("$", folder.toString()).indent(2);
    var seen = new Seen();
    try (var proxy = Proxy.start(kind, bootstrap)) {
      var ports = proxy.ports();
      int visits = 0;
      for (var listener : listeners.keySet()) {
        for (var client : clients.entrySet()) {
          var key = "%s <- %s".formatted(listener, client.getKey());
          seen.put(key, client.getValue().visit(requireNonNull(ports.get(listener))));
          visits++;
        }
      }
      var all = visits / listeners.size();
      listeners
          .keySet()
          .forEach(it -> proxy.awaitStat("listener." + it + ".downstream_cx_destroy", all));
      seen.putStats(proxy, COMPARED, LEFT_OUT);
      proxy.stop();
      int line = 1000;
      for (var text : proxy.output()) {
        seen.put("log " + line++, text);
      }
    }
    return seen;
  }
}
