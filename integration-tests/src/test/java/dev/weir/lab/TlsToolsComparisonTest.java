package dev.weir.lab;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.lab.Pki.Wish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `openssl s_client` and `curl` meet with on Envoy and on Weir: what is offered where nothing
/// is configured, which sessions may be taken up again, what is stapled.
class TlsToolsComparisonTest {
  private static final Pattern COMPARED =
      Pattern.compile(
          "listener\\.[a-z_]+\\.ssl\\.(handshake|session_reused|connection_error|ocsp_staple_failed"
              + "|versions\\..*|ciphers\\..*|curves\\..*)");
  private static final Pattern SESSION =
      Pattern.compile("(?m)^(New|Reused), (\\S+), Cipher is (.+)$");
  private static final Pattern STAPLE =
      Pattern.compile("OCSP response: no response sent|OCSP Response Status: \\w+");
  private static final List<String> VERSIONS = List.of("-tls1_2", "-tls1_3");
  private static final String SERVER =
      "{ certificate_chain: { filename: $/%1$s.pem }, private_key: { filename: $/%1$s.key } }";

  private final Map<String, String> listeners = new LinkedHashMap<>();

  @Test
  void openSslAndCurlMeetWithTheSameOnBoth(@TempDir Path folder) throws IOException {
    Program.need("openssl");
    Program.need("curl");
    prepare(folder);
    var expected = observe(ProxyKind.ENVOY, folder);
    var actual = observe(ProxyKind.WEIR, folder);
    assertEquals(expected.text(), actual.text());
    for (var old : List.of("-tls1", "-tls1_1")) {
      assertEquals("refused", actual.get("version " + old));
    }
    assertEquals(
        expected.text(TlsToolsComparisonTest::known),
        observe(ProxyKind.WEIR_WITH_JDK_TLS, folder).text(TlsToolsComparisonTest::known));
  }

  /// The JDK has neither tickets of other gateways nor staples, does not tell the groups, and has
  /// an order for ciphers of which Envoy calls two equally good.
  private static String known(String line) {
    boolean lacking =
        line.matches(
            "(stat listener\\.)?(ticket|staple|stateful|none|resume (ticket|stateful|none)).*");
    boolean free = line.startsWith("stat listener.curl.ssl.ciphers") || line.contains(".plain.ssl");
    return lacking || free || line.contains(".curves.")
        ? ""
        : line.replaceAll("(tls1_2: \\w+ TLSv1.2) .*", "$1");
  }

  private void prepare(Path folder) throws IOException {
    var pki = new Pki(folder);
    var root = pki.make("root", Wish.authority(null));
    var ecdsa = pki.make("ecdsa", Wish.of(root, "DNS:server.test"));
    pki.make("rsa", Wish.of(root, "DNS:server.test").withRsa());
    pki.make("client", Wish.of(root, "URI:spiffe://a/client"));
    pki.staple("valid", root, ecdsa, Duration.ofDays(1));
    pki.staple("expired", root, ecdsa, Duration.ofDays(-1));
    var random = new Random(1);
    for (var name : List.of("a", "b", "c")) {
      var key = new byte[80];
      random.nextBytes(key);
      Files.write(folder.resolve(name + ".ticket"), key);
    }
    var both = "[ " + SERVER.formatted("rsa") + ", " + SERVER.formatted("ecdsa") + " ]";
    listener("plain", "", "tls_certificates: " + both, ECHO);
    listener("curl", "", "alpn_protocols: [h2, http/1.1]\ntls_certificates: " + both, HTTP);
    listener(
        "mutual",
        "require_client_certificate: true",
        "validation_context: { trusted_ca: { filename: $/root.pem } }\ntls_certificates: " + both,
        HTTP);
    tickets("ticket_a", "session_ticket_keys: { keys: [{ filename: $/a.ticket }] }");
    tickets(
        "ticket_ba",
        "session_ticket_keys: { keys: [{ filename: $/b.ticket }, { filename: $/a.ticket }] }");
    tickets("ticket_c", "session_ticket_keys: { keys: [{ filename: $/c.ticket }] }");
    tickets("stateful", "disable_stateless_session_resumption: true");
    tickets(
        "none",
        "disable_stateless_session_resumption: true\ndisable_stateful_session_resumption: true");
    for (var policy : List.of("LENIENT_STAPLING", "STRICT_STAPLING", "MUST_STAPLE")) {
      staple(policy, "valid");
      staple(policy, "expired");
    }
  }

  private void tickets(String name, String fields) {
    listener(name, fields, "tls_certificates: [ " + SERVER.formatted("ecdsa") + " ]", ECHO);
  }

  private void staple(String policy, String response) {
    var server = SERVER.formatted("ecdsa");
    listener(
        "staple_"
            + policy.substring(0, policy.indexOf('_')).toLowerCase(Locale.ROOT)
            + "_"
            + response,
        "ocsp_staple_policy: " + policy,
        "tls_certificates: [ "
            + server.substring(0, server.length() - 2)
            + ", ocsp_staple: { filename: $/"
            + response
            + ".ocsp } } ]",
        ECHO);
  }

  private static final String ECHO =
      """
      - name: echo
        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo }
      """;

  private static final String HTTP =
      """
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: http
          http_filters:
          - { name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
          route_config:
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes: [{ match: { prefix: / }, direct_response: { status: 200, body: { inline_string: "hello" } } }]
      """;

  private void listener(String name, String context, String common, String filters) {
    listeners.put(
        name,
        """
        - name: %1$s
          stat_prefix: %1$s
          address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
          filter_chains:
          - transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
        %2$s        common_tls_context:
        %3$s    filters:
        %4$s
        """
            .formatted(name, context.indent(8), common.indent(10), filters.indent(4)));
  }

  private Seen observe(ProxyKind kind, Path folder) throws IOException {
    if (kind == ProxyKind.WEIR_WITH_JDK_TLS) {
      listeners.keySet().removeIf(it -> it.matches("(ticket_|staple_|stateful|none).*"));
    }
    var bootstrap =
        "static_resources:\n  listeners:\n"
            + String.join("", listeners.values()).replace("$", folder.toString()).indent(2);
    var seen = new Seen();
    try (var proxy = Proxy.start(kind, bootstrap)) {
      var ports = proxy.ports();
      offered(requireNonNull(ports.get("plain")), seen);
      requests(ports, folder, seen);
      resumptions(ports, folder, seen);
      staples(ports, seen);
      seen.putStats(proxy, COMPARED, Pattern.compile(""));
    }
    return seen;
  }

  private static String summary(String printed) {
    var session = SESSION.matcher(printed);
    boolean connected = session.find() && !session.group(3).equals("(NONE)");
    return connected && printed.endsWith("hello\n")
        ? String.join(" ", session.group(1), session.group(2), session.group(3))
        : "refused";
  }

  /// What a scanner of TLS servers asks for.
  private static void offered(int port, Seen seen) throws IOException {
    for (var version : List.of("-tls1", "-tls1_1", "-tls1_2", "-tls1_3")) {
      seen.put(
          "version " + version,
          summary(Program.sayHello(port, version, "-cipher", "ALL:@SECLEVEL=0")));
    }
    for (var cipher :
        Program.run("openssl", "ciphers", "-s", "-tls1_2", "ALL:!PSK:!SRP:!CAMELLIA:!ARIA:!AESCCM")
            .strip()
            .split(":", -1)) {
      if (!cipher.startsWith("TLS_")) {
        seen.put(
            "cipher " + cipher,
            summary(Program.sayHello(port, "-tls1_2", "-cipher", cipher + ":@SECLEVEL=0")));
      }
    }
    for (var suite :
        List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_AES_128_CCM_SHA256")) {
      seen.put(
          "suite " + suite, summary(Program.sayHello(port, "-tls1_3", "-ciphersuites", suite)));
    }
    for (var group : List.of("X25519", "P-256", "P-384", "P-521", "X448")) {
      seen.put("group " + group, summary(Program.sayHello(port, "-groups", group)));
    }
    var found = Program.sayHello(port, "-tls1_2");
    assertTrue(found.contains("Secure Renegotiation IS supported"), found);
    assertTrue(found.contains("Compression: NONE"), found);
  }

  private static void requests(Map<String, Integer> ports, Path folder, Seen seen)
      throws IOException {
    for (var flag : List.of("--http1.1", "--http2", "--tls-max=1.2")) {
      seen.put("curl " + flag, curl(requireNonNull(ports.get("curl")), folder, flag.split("=")));
    }
    int mutual = requireNonNull(ports.get("mutual"));
    var client =
        List.of(
            "--cert",
            folder.resolve("client.pem").toString(),
            "--key",
            folder.resolve("client.key").toString());
    seen.put("curl shows a certificate", curl(mutual, folder, client.toArray(String[]::new)));
    seen.put("curl shows none", curl(mutual, folder));
  }

  private static String curl(int port, Path folder, String... flags) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                "curl",
                "-s",
                "--cacert",
                folder.resolve("root.pem").toString(),
                "-w",
                " %{http_version} %{exitcode}",
                "--resolve",
                "server.test:" + port + ":127.0.0.1"));
    command.addAll(List.of(flags));
    command.add("https://server.test:" + port + "/");
    // Whether curl is told by what it sends or by what it reads depends on who is faster.
    return Program.run(command.toArray(String[]::new)).replace(" 55", " 56");
  }

  /// Whether a session with the one listener goes on at the other.
  private static void resumptions(Map<String, Integer> ports, Path folder, Seen seen)
      throws IOException {
    resume("plain", "plain", ports, folder, seen);
    for (var to : List.of("ticket_a", "ticket_ba", "ticket_c")) {
      resume("ticket_a", to, ports, folder, seen);
    }
    resume("stateful", "stateful", ports, folder, seen);
    resume("none", "none", ports, folder, seen);
  }

  private static void resume(
      String from, String to, Map<String, Integer> ports, Path folder, Seen seen)
      throws IOException {
    if (!ports.containsKey(from)) {
      return;
    }
    var session = folder.resolve("session").toString();
    for (var version : VERSIONS) {
      Files.deleteIfExists(Path.of(session));
      Program.sayHello(requireNonNull(ports.get(from)), version, "-sess_out", session);
      var again =
          Files.exists(Path.of(session))
              ? summary(
                  Program.sayHello(requireNonNull(ports.get(to)), version, "-sess_in", session))
              : "no session";
      seen.put("resume " + from + " at " + to + " " + version, again);
    }
  }

  private static void staples(Map<String, Integer> ports, Seen seen) throws IOException {
    for (var entry : ports.entrySet()) {
      if (entry.getKey().startsWith("staple_")) {
        for (var version : VERSIONS) {
          var asked = Program.sayHello(entry.getValue(), version, "-status");
          var staple = STAPLE.matcher(asked);
          seen.put(
              entry.getKey() + " asked " + version,
              summary(asked) + " " + (staple.find() ? staple.group() : ""));
          seen.put(
              entry.getKey() + " " + version, summary(Program.sayHello(entry.getValue(), version)));
        }
      }
    }
  }
}
