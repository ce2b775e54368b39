package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.lab.Pki.Wish;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What TLS clients do that does not go as usual, on Envoy and on Weir: they end one direction
/// only, say nothing, or nothing that is TLS; and a certificate that has expired.
class TlsEdgesComparisonTest {
  private static final Pattern COMPARED =
      Pattern.compile(
          "(listener\\.(down|up|silent|expired)\\.(ssl\\.(handshake|connection_error)|downstream_cx_(active|destroy)"
              + "|downstream_cx_transport_socket_connect_timeout)|server\\.days_until.*)");

  private static final String LOG =
      "%RESPONSE_FLAGS% %DOWNSTREAM_TRANSPORT_FAILURE_REASON% %BYTES_RECEIVED% %BYTES_SENT%\\n";

  @Test
  void oddClientsMeetWithTheSameOnBoth(@TempDir Path folder) throws IOException {
    var pki = new Pki(folder);
    var root = pki.make("root", Wish.authority(null));
    var server = pki.make("server", Wish.of(root, "DNS:server.test"));
    var past = Wish.of(root, "DNS:old.test").valid(Duration.ofDays(-9), Duration.ofDays(-1));
    pki.make("expired", past);
    try (var hosts = TlsBackend.start(server, false)) {
      var expected = observe(ProxyKind.ENVOY, folder, hosts.port());
      assertEquals(expected.text(), observe(ProxyKind.WEIR, folder, hosts.port()).text());
      assertEquals(
          expected.text(TlsEdgesComparisonTest::known),
          observe(ProxyKind.WEIR_WITH_JDK_TLS, folder, hosts.port())
              .text(TlsEdgesComparisonTest::known));
    }
  }

  /// The JDK has words of its own for what is no TLS.
  private static String known(String line) {
    return line.replaceAll("TLS_error:\\S+", "TLS_error");
  }

  private static Seen observe(ProxyKind kind, Path folder, int tls) throws IOException {
    var seen = new Seen();
    try (var backend = Backend.start();
        var proxy = Proxy.start(kind, bootstrap(folder, backend.port(), tls))) {
      var ports = proxy.ports();
      var down = port(ports, "down");
      // Of TLS 1.2 the JDK ends both directions at once, as a server and as a client.
      var modern = TlsPeer.PLAIN.speaking("TLSv1.3");
      var old = TlsPeer.PLAIN.speaking("TLSv1.2");
      boolean both = kind == ProxyKind.WEIR_WITH_JDK_TLS;
      seen.put("client ends first, TLS 1.3", clientEndsFirst(modern, down, backend));
      seen.put("client ends first, TLS 1.2", clientEndsFirst(both ? modern : old, down, backend));
      seen.put("backend ends first", backendEndsFirst(modern, down, backend));
      seen.put("client ends before a host with TLS", endsBeforeHost(port(ports, "up")));
      seen.put("expired", TlsPeer.PLAIN.visit(port(ports, "expired")));
      int silent = port(ports, "silent");
      try (var nobody = Peer.connect(silent)) {
        seen.put("silence", nobody.end().replace(Peer.RST, Peer.EOF));
      }
      int odd = oddBeginnings(silent);
      proxy.awaitStat("listener.silent.downstream_cx_destroy", odd + 1);
      proxy.awaitStat("listener.down.downstream_cx_destroy", 3);
      seen.putStats(proxy, COMPARED, Pattern.compile(""));
      if (kind != ProxyKind.ENVOY) {
        var text = proxy.get("/config_dump");
        assertTrue(text.contains("expired.pem has expired"), text);
      }
      proxy.stop();
      var lines = proxy.output().stream().sorted().toList();
      for (int i = 0; i < lines.size(); i++) {
        seen.put("log " + i, lines.get(i));
      }
    }
    return seen;
  }

  private static int port(Map<String, Integer> ports, String listener) {
    return ports.getOrDefault(listener, 0);
  }

  private static String clientEndsFirst(TlsPeer peer, int port, Backend backend)
      throws IOException {
    try (var client = peer.open(port)) {
      client.getOutputStream().write("question\n".getBytes(StandardCharsets.UTF_8));
      client.shutdownOutput();
      try (var host = backend.accept()) {
        var seen = host.line() + " " + host.end();
        host.send("answer\n");
        host.finish();
        return seen + " " + rest(client);
      }
    }
  }

  private static String backendEndsFirst(TlsPeer peer, int port, Backend backend)
      throws IOException {
    try (var client = peer.open(port)) {
      client.getOutputStream().write("question\n".getBytes(StandardCharsets.UTF_8));
      try (var host = backend.accept()) {
        var seen = host.line();
        host.send("answer\n");
        host.finish();
        seen += " " + rest(client);
        client.getOutputStream().write("thanks\n".getBytes(StandardCharsets.UTF_8));
        client.shutdownOutput();
        return seen + " " + host.line() + " " + host.end();
      }
    }
  }

  private static String rest(SSLSocket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static String endsBeforeHost(int port) throws IOException {
    try (var client = Peer.connect(port)) {
      client.send("question\n");
      client.finish();
      return client.line() + " " + client.end();
    }
  }

  /// Clients that do not speak TLS, or break off.
  ///
  /// @return how many
  private static int oddBeginnings(int port) throws IOException {
    var beginnings = new ArrayList<byte[]>();
    beginnings.add("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    beginnings.add(new byte[64]);
    var noise = new byte[512];
    new Random(5).nextBytes(noise);
    beginnings.add(noise);
    beginnings.add(new byte[] {22, 3, 1, 0, 4, 1, 0, 0, 0});
    beginnings.add(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, -4});
    for (var beginning : beginnings) {
      try (var client = Peer.connect(port)) {
        client.exchange(List.of(beginning));
      }
    }
    return beginnings.size();
  }

  private static String bootstrap(Path folder, int plain, int tls) {
    var listeners =
        Stream.of(
            down("down", "server", "10s", "plain", folder),
            down("silent", "server", "0.3s", "plain", folder),
            down("expired", "expired", "10s", "tls", folder).replaceFirst("(?s)filters:.*", ECHO),
            Bootstraps.listener("up", "cluster: tls"));
    var clusters =
        Stream.of(
            Bootstraps.cluster("plain", plain),
            Bootstraps.cluster("tls", tls)
                + """
                  transport_socket:
                    name: tls
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                      common_tls_context: { validation_context: { trusted_ca: { filename: %s/root.pem } } }
                """
                    .formatted(folder));
    return Bootstraps.of(listeners, clusters);
  }

  private static final String ECHO =
      """
      filters:
          - name: echo
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo }
      """;

  private static String down(
      String name, String certificate, String timeout, String cluster, Path folder) {
    return """
    - name: %1$s
      stat_prefix: %1$s
      address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
      filter_chains:
      - transport_socket_connect_timeout: %3$s
        transport_socket:
          name: tls
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
            common_tls_context:
              tls_certificates: [ { certificate_chain: { filename: %5$s/%2$s.pem }, private_key: { filename: %5$s/%2$s.key } } ]
        filters:
        - name: tcp
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
            stat_prefix: %1$s
            cluster: %4$s
            access_log:
            - name: file
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                path: /dev/stdout
                log_format: { text_format_source: { inline_string: "%1$s %6$s" } }
    """
        .formatted(name, certificate, timeout, cluster, folder, LOG);
  }
}
