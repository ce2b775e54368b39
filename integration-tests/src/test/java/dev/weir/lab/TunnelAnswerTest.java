package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is made of a host's answer to CONNECT, and of none.
class TunnelAnswerTest {

  private static final String LOG =
      """
      access_log:
      - name: file
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
          path: /dev/stdout
          log_format: { text_format_source: { inline_string: "%s\\n" } }
      """;

  @Test
  void theHeadersOfTheAnswerAreKeptAsOnEnvoy() throws IOException {
    assertEquals(headers(ProxyKind.ENVOY), headers(ProxyKind.WEIR));
  }

  private static String headers(ProxyKind kind) throws IOException {
    var tcpProxy =
        "cluster: far\ntunneling_config: { hostname: a, propagate_response_headers: true }\n"
            + LOG.formatted(
                "seen %FILTER_STATE(envoy.tcp_proxy.propagate_response_headers:TYPED)%");
    try (var host = Backend.start();
        var proxy =
            Proxy.start(
                kind,
                Bootstraps.of(
                    Stream.of(Bootstraps.listener("l", tcpProxy)),
                    Stream.of(Bootstraps.cluster("far", host.port()))))) {
      try (var client = Peer.connect(proxy.port("l"));
          var server = host.accept()) {
        assertEquals("CONNECT a HTTP/1.1\r", server.line());
        server.send("HTTP/1.1 200 OK\r\nX-One: 1\r\nvia: \"x\"\r\n\r\nhello\n");
        assertEquals("hello", client.line());
      }
      proxy.awaitStat("cluster.far.upstream_cx_destroy", 1);
      proxy.stop();
      return proxy.output().stream().filter(it -> it.startsWith("seen")).toList().toString();
    }
  }

  @Test
  void aHostThatNeverAnswersIsGivenUpWhereTheClusterSaysSo() throws IOException {
    var tcpProxy =
        "cluster: far\nmax_connect_attempts: 2\ntunneling_config: { hostname: a }\n"
            + LOG.formatted("seen %RESPONSE_FLAGS% %UPSTREAM_TRANSPORT_FAILURE_REASON%");
    var limit =
        """
          metadata:
            typed_filter_metadata:
              dev.weir:
                "@type": type.googleapis.com/xds.type.v3.TypedStruct
                type_url: type.googleapis.com/dev.weir.settings.ClusterSettings
                value: { tunnel_timeout: 0.2s }
        """;
    try (var host = Backend.start();
        var proxy =
            Proxy.start(
                ProxyKind.WEIR,
                Bootstraps.of(
                    Stream.of(Bootstraps.listener("l", tcpProxy)),
                    Stream.of(Bootstraps.cluster("far", host.port()) + limit)))) {
      try (var client = Peer.connect(proxy.port("l"));
          var first = host.accept();
          var second = host.accept()) {
        assertEquals(Peer.EOF, client.line());
        first.end();
        second.end();
      }
      proxy.stop();
      assertEquals(
          "[seen UF,URX tunnel_timeout]",
          proxy.output().stream().filter(it -> it.startsWith("seen")).toList().toString());
    }
  }
}
