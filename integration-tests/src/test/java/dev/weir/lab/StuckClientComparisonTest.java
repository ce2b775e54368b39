package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.Pki.Wish;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client that does not read what a backend sends without end, in plaintext, where the kernel
/// moves the bytes, and over TLS: it is closed once its buffer has been over the limit for too
/// long.
class StuckClientComparisonTest {

  @Test
  void aClientThatDoesNotReadIsGivenUpInTheSameWayOnBoth(@TempDir Path folder) throws IOException {
    new Pki(folder).make("server", Wish.of(null, "DNS:server.test"));
    var expected = observe(ProxyKind.ENVOY, folder);
    assertEquals(expected.text(), observe(ProxyKind.WEIR, folder).text());
  }

  private static Seen observe(ProxyKind kind, Path folder) throws IOException {
    var seen = new Seen();
    try (var flood = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> serve(flood));
      try (var proxy = Proxy.start(kind, bootstrap(folder, flood.getLocalPort()))) {
        var ports = proxy.ports();
        for (var listener : ports.keySet()) {
          try (var client = connect(listener, proxy.port(listener))) {
            read(client.getInputStream());
            proxy.awaitStat("listener." + listener + ".downstream_cx_destroy", 1);
          }
        }
        proxy.stop();
        proxy.output().stream()
            .sorted()
            .forEach(line -> seen.put("log", seen.get("log") + "\n" + line));
      }
    }
    return seen;
  }

  private static Socket connect(String listener, int port) throws IOException {
    return listener.equals("tls")
        ? TlsPeer.PLAIN.open(port)
        : new Socket(InetAddress.getLoopbackAddress(), port);
  }

  /// Enough for the connection to be taken for one that moves much.
  private static void read(InputStream in) throws IOException {
    in.readNBytes(4 << 20);
  }

  private static void serve(ServerSocket flood) {
    while (!flood.isClosed()) {
      try {
        var client = flood.accept();
        Thread.startVirtualThread(() -> send(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private static void send(Socket client) {
    var bytes = new byte[64 * 1024];
    try (client) {
      while (true) {
        client.getOutputStream().write(bytes);
      }
    } catch (IOException _) {
      // Nobody wants any more.
    }
  }

  private static String bootstrap(Path folder, int port) {
    var tls =
        """
          transport_socket:
            name: tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
              common_tls_context:
                tls_certificates: [ { certificate_chain: { filename: %1$s/server.pem }, private_key: { filename: %1$s/server.key } } ]
        """
            .formatted(folder);
    return Bootstraps.of(
        Stream.of(listener("plain"), listener("tls") + tls.indent(2)),
        Stream.of(Bootstraps.cluster("flood", port)));
  }

  private static String listener(String name) {
    return """
    - name: %1$s
      stat_prefix: %1$s
      address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
      per_connection_buffer_limit_bytes: 65536
      per_connection_buffer_high_watermark_timeout: 0.5s
      filter_chains:
      - filters:
        - name: tcp
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
            stat_prefix: %1$s
            cluster: flood
            access_log:
            - name: file
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                path: /dev/stdout
                log_format: { text_format_source: { inline_string: "%1$s %%RESPONSE_FLAGS%% %%DOWNSTREAM_LOCAL_CLOSE_REASON%% %%DOWNSTREAM_DETECTED_CLOSE_TYPE%% %%UPSTREAM_LOCAL_CLOSE_REASON%%\\n" } }
    """
        .formatted(name);
  }
}
