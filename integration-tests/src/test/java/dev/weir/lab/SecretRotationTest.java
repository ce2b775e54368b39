package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.lab.Pki.Wish;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A listener's certificate comes by SDS, and changes while connections live.
class SecretRotationTest {

  /// How a secret comes.
  enum Way {
    ADS(
        "ads: {}",
        "dynamic_resources: { ads_config: { api_type: GRPC, transport_api_version: V3, %s } }\n"),
    DELTA_ADS(
        "ads: {}",
        "dynamic_resources: { ads_config: { api_type: DELTA_GRPC, transport_api_version: V3, %s }"
            + " }\n"),
    OWN_STREAM("api_config_source: { api_type: GRPC, transport_api_version: V3, %s }", ""),
    OWN_DELTA_STREAM(
        "api_config_source: { api_type: DELTA_GRPC, transport_api_version: V3, %s }", ""),
    UNIX_STREAM("api_config_source: { api_type: GRPC, transport_api_version: V3, %s }", ""),
    FILE("path_config_source: { path: $/sds.yaml }", ""),
    FILE_OF_FILES("path_config_source: { path: $/sds.yaml }", "");

    private static final String PLANE = "grpc_services: [{ envoy_grpc: { cluster_name: plane } }]";

    private final String source;
    private final String dynamic;

    Way(String source, String dynamic) {
      this.source = source.formatted(PLANE);
      this.dynamic = dynamic.formatted(PLANE);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aRotationReachesNewConnectionsAndLeavesOpenOnesAlone(Way way, @TempDir Path folder)
      throws IOException {
    var pki = new Pki(folder);
    pki.make("one", Wish.of(null, "DNS:one.test"));
    pki.make("two", Wish.of(null, "DNS:two.test"));
    try (var plane = ControlPlane.create(_ -> {})) {
      plane.listen(folder.resolve("plane"));
      var port = plane.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var supply = new Supply(way, folder, plane);
      supply.nothing();
      try (var proxy = Proxy.start(ProxyKind.WEIR, bootstrap(way, folder, port))) {
        var listener = proxy.port("l");
        assertEquals("closed", TlsPeer.PLAIN.visit(listener));
        proxy.awaitStat(FACTORY + "downstream_context_secrets_not_ready", 1);
        supply.pair("one", "one");
        proxy.awaitStat(FACTORY + "ssl_context_update_by_sds", 1);
        try (var old = TlsPeer.PLAIN.open(listener)) {
          assertTrue(TlsPeer.PLAIN.visit(listener).contains("CN=one"));
          supply.pair("one", "two");
          if (way != Way.FILE_OF_FILES) {
            proxy.awaitStat("sds.s.update_rejected", 1);
          }
          assertTrue(TlsPeer.PLAIN.visit(listener).contains("CN=one"));
          supply.pair("two", "two");
          proxy.awaitStat(FACTORY + "ssl_context_update_by_sds", 2);
          assertTrue(TlsPeer.PLAIN.visit(listener).contains("CN=two"));
          assertEquals("still here", echo(old, "still here"));
        }
        assertEquals(0, proxy.stats().get("listener_manager.total_filter_chains_draining"));
      }
    }
  }

  private static final String FACTORY = "listener.l.server_ssl_socket_factory.";

  private static String echo(SSLSocket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.UTF_8);
  }

  private static String bootstrap(Way way, Path folder, int port) {
    return """
    node: { id: node, cluster: cluster }
    %sstatic_resources:
      clusters:
      - name: plane
        type: STATIC
        typed_extension_protocol_options:
          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
            explicit_http_config: { http2_protocol_options: {} }
        load_assignment:
          cluster_name: plane
          endpoints: [{ lb_endpoints: [{ endpoint: { address: { %s } } }] }]
      listeners:
      - name: l
        stat_prefix: l
        address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
        filter_chains:
        - transport_socket:
            name: tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
              common_tls_context:
                tls_certificate_sds_secret_configs:
                - name: s
                  sds_config: { %s, resource_api_version: V3, initial_fetch_timeout: 0.2s }
          filters:
          - { name: e, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo } }
    """
        .formatted(
            way.dynamic,
            way == Way.UNIX_STREAM
                ? "pipe: { path: " + folder.resolve("plane") + " }"
                : "socket_address: { address: 127.0.0.1, port_value: " + port + " }",
            way.source.replace("$", folder.toString()));
  }

  /// Supplies the secret in one of the ways.
  private record Supply(Way way, Path folder, ControlPlane plane) {
    void nothing() throws IOException {
      switch (way) {
        case FILE, FILE_OF_FILES -> put("sds.yaml", "resources: []\n");
        default -> plane.push(List.of());
      }
    }

    /// A certificate with a key, which may be another's.
    void pair(String certificate, String key) throws IOException {
      switch (way) {
        case FILE -> put("sds.yaml", secret(certificate + ".pem", key + ".key"));
        case FILE_OF_FILES -> {
          Files.createDirectories(folder.resolve("live"));
          put("live/key", Files.readString(folder.resolve(key + ".key")));
          put("live/chain", Files.readString(folder.resolve(certificate + ".pem")));
          if (!Files.readString(folder.resolve("sds.yaml")).contains("live")) {
            put("sds.yaml", secret("live/chain", "live/key"));
          }
        }
        default ->
            plane.push(
                List.of(
                    Secret.newBuilder()
                        .setName("s")
                        .setTlsCertificate(
                            TlsCertificate.newBuilder()
                                .setCertificateChain(inline(certificate + ".pem"))
                                .setPrivateKey(inline(key + ".key")))
                        .build()));
      }
    }

    private DataSource inline(String file) throws IOException {
      return DataSource.newBuilder()
          .setInlineString(Files.readString(folder.resolve(file)))
          .build();
    }

    private String secret(String certificate, String key) {
      return """
      resources:
      - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
        name: s
        tls_certificate:
          certificate_chain: { filename: %s }
          private_key: { filename: %s }
      """
          .formatted(folder.resolve(certificate), folder.resolve(key));
    }

    /// Replaces a file as a whole.
    private void put(String name, String content) throws IOException {
      var next = folder.resolve("next");
      Files.writeString(next, content);
      Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
