package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Another control plane's own test of a proxy, with each of the four ways to ask for resources.
///
/// The tester renames all clusters with each update, and calls through every listener at once. It
/// is content if all calls of one of its batches are answered, each within a tenth of a second.
/// Calls fail without anybody's fault while the listeners are not there yet, and while clusters
/// with the former names are gone and listeners with the new ones have not come. So there are many
/// batches in quick succession, which costs little where all goes well.
class GoControlPlaneTest {

  private static final int LISTENERS = 4;
  private static final String ANSWER = "Default message";

  /// How the tester names a way to ask, and what a bootstrap says for it.
  enum Mode {
    ADS("ads", "GRPC", true),
    DELTA_ADS("delta-ads", "DELTA_GRPC", true),
    XDS("xds", "GRPC", false),
    DELTA("delta", "DELTA_GRPC", false);

    private final String flag;
    private final String apiType;
    private final boolean aggregated;

    Mode(String flag, String apiType, boolean aggregated) {
      this.flag = flag;
      this.apiType = apiType;
      this.aggregated = aggregated;
    }

    private String sources() {
      var api =
          """
          api_type: %s
          transport_api_version: V3
          set_node_on_first_message_only: true
          grpc_services: [{ envoy_grpc: { cluster_name: xds_cluster } }]
          """
              .formatted(apiType);
      var own = "resource_api_version: V3\napi_config_source:\n" + api.indent(2);
      var source = aggregated ? "resource_api_version: V3\nads: {}\n" : own;
      return (aggregated ? "  ads_config:\n" + api.indent(4) : "")
          + ("  lds_config:\n" + source.indent(4))
          + ("  cds_config:\n" + source.indent(4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyUpdateReachesTheProxyAndItsAccessLogTheTester(Mode mode) throws Exception {
    var binary = GoTester.path().orElseGet(() -> Assumptions.abort("no tester"));
    int ports = FreePorts.inARow(3 + LISTENERS);
    var upstream = startUpstream();
    var log = Files.createTempFile(LabModule.target(), "go-tester-" + mode.flag, ".log");
    var tester = startTester(binary, mode, ports, upstream.getAddress().getPort(), log);
    var bootstrap = bootstrap(mode, ports, upstream.getAddress().getPort());
    try (var proxy = Proxy.start(ProxyKind.WEIR, bootstrap, "--drain-time-s", "1")) {
      assertTrue(get(proxy.port("logged")).endsWith(ANSWER));
      assertTrue(tester.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS), "tester ends");
      var said = Files.readString(log);
      assertEquals(0, tester.exitValue(), said);
      assertTrue(said.contains("Test for " + mode.flag + " passed!"), said);
      assertTrue(said.matches("(?s).*\\[lab[^]]*] tcp .* upstream\n.*"), said);
      var stats = proxy.stats();
      assertEquals(0, stats.getOrDefault("listener_manager.lds.update_rejected", -1L));
      assertEquals(0, stats.getOrDefault("cluster_manager.cds.update_rejected", -1L));
    } finally {
      tester.destroyForcibly();
      upstream.stop(0);
    }
  }

  private static Process startTester(Path binary, Mode mode, int ports, int upstream, Path log)
      throws IOException {
    return new ProcessBuilder(
            (binary
                    + " -debug -xds "
                    + mode.flag
                    + " -u 3 -r 30 -delay 50ms"
                    + " -http 0 -scopedhttp 0 -vhdshttp 0 -tcp "
                    + LISTENERS
                    + " -port "
                    + ports
                    + " -als "
                    + (ports + 1)
                    + " -gateway "
                    + (ports + 2)
                    + " -base "
                    + (ports + 3)
                    + " -upstream "
                    + upstream)
                .split(" "))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /// Answers once on each connection, so that connections end and get into the access log.
  private static HttpServer startUpstream() throws IOException {
    var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var server = HttpServer.create(any, 0);
    server.createContext(
        "/",
        exchange -> {
          var body = ANSWER.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Connection", "close");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String get(int port) throws IOException {
    try (var peer = Peer.connect(port)) {
      peer.send("GET / HTTP/1.0\r\n\r\n");
      return new String(peer.rest(), StandardCharsets.UTF_8);
    }
  }

  /// The tester's own listeners have no access log, so there is a static one that has.
  private static String bootstrap(Mode mode, int ports, int upstream) {
    var accessLog =
        """
        cluster: upstream
        access_log:
        - name: envoy.access_loggers.tcp_grpc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig
            common_config:
              log_name: lab
              transport_api_version: V3
              grpc_service: { envoy_grpc: { cluster_name: als_cluster } }
        """;
    return "node: { id: test-id, cluster: test-cluster }\n"
        + ("dynamic_resources:\n" + mode.sources())
        + Bootstraps.of(
            Stream.of(Bootstraps.listener("logged", accessLog)),
            Stream.of(
                Bootstraps.cluster("upstream", upstream),
                Bootstraps.cluster("xds_cluster", ports) + HTTP2,
                Bootstraps.cluster("als_cluster", ports + 1) + HTTP2));
  }

  /// As the tester's own samples have it: deprecated, and still to be understood.
  private static final String HTTP2 = "  http2_protocol_options: {}\n";
}
