package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What an access log service is told of TCP connections.
class TcpGrpcAccessLogTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final String CLIENT =
      """
      downstream_remote_address { socket_address { address: "127.0.0.1" port_value: PORT } }
      downstream_local_address { socket_address { address: "127.0.0.1" port_value: PORT } }
      start_time { TIME }
      """;

  private static final String SERVER =
      """
      upstream_remote_address { socket_address { address: "127.0.0.1" port_value: PORT } }
      upstream_local_address { socket_address { address: "127.0.0.1" port_value: PORT } }
      upstream_cluster: "one"
      """;

  private static final String DIRECT =
      """
      downstream_direct_remote_address { socket_address { address: "127.0.0.1" port_value: PORT } }
      """;

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aConnectionThatWentWellHasItsAddressesAndBytes(ProxyKind kind) throws Exception {
    try (var service = LogService.start(0);
        var one = Echo.start("one", ANY);
        var proxy = start(kind, service, Bootstraps.cluster("one", one.port()), "")) {
      assertEquals("one hello", Peer.ask(proxy.port("gateway"), "hello"));
      var message = service.next();
      assertEquals("lab", message.getIdentifier().getLogName());
      assertEquals("test-id", message.getIdentifier().getNode().getId());
      assertEquals(
          text(
              CLIENT,
              SERVER,
              DIRECT,
              """
              duration { TIME }
              upstream_request_attempt_count: 1 stream_id: "ID"
              downstream_wire_bytes_sent: 10 downstream_wire_bytes_received: 6
              upstream_wire_bytes_sent: 6 upstream_wire_bytes_received: 10
              access_log_type: TcpConnectionEnd }
              connection_properties { received_bytes: 6 sent_bytes: 10 }
              """),
          only(message));
      Peer.ask(proxy.port("gateway"), "hello");
      assertFalse(service.next().hasIdentifier());
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aServerThatRefusesIsFlaggedWithTheReason(ProxyKind kind) throws Exception {
    var backend = Backend.start();
    backend.close();
    assertEquals(
        text(
            CLIENT,
            """
            upstream_remote_address { socket_address { address: "127.0.0.1" port_value: PORT } }
            upstream_cluster: "one"
            response_flags {
              upstream_connection_failure: true upstream_retry_limit_exceeded: true
            }
            upstream_transport_failure_reason: "delayed connect error: Connection refused"
            """,
            DIRECT,
            """
            duration { TIME }
            upstream_request_attempt_count: 1 stream_id: "ID"
            access_log_type: TcpConnectionEnd }
            connection_properties { }
            """),
        entryOfOneConnection(kind, Bootstraps.cluster("one", backend.port())));
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void aClusterWithoutEndpointsIsFlaggedAndNotNamed(ProxyKind kind) throws Exception {
    assertEquals(
        text(
            CLIENT,
            "response_flags { no_healthy_upstream: true }",
            DIRECT,
            """
            duration { TIME } stream_id: "ID" access_log_type: TcpConnectionEnd }
            connection_properties { }
            """),
        entryOfOneConnection(kind, Bootstraps.emptyCluster("one")));
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void whatIsToldOfALivingConnectionIsIntermediate(ProxyKind kind) throws Exception {
    var options =
        "access_log_options: { flush_access_log_on_start: true,"
            + " flush_access_log_on_connected: true }\n";
    try (var service = LogService.start(0);
        var one = Echo.start("one", ANY);
        var proxy = start(kind, service, Bootstraps.cluster("one", one.port()), options);
        var client = Peer.connect(proxy.port("gateway"))) {
      client.ask("hello");
      assertEquals(
          List.of(
              text(
                  CLIENT,
                  DIRECT,
                  """
                  stream_id: "ID" intermediate_log_entry: true
                  access_log_type: UNKNOWN_ENUM_VALUE_AccessLogType_14 }
                  connection_properties { }
                  """),
              text(
                  CLIENT,
                  SERVER,
                  DIRECT,
                  """
                  upstream_request_attempt_count: 1
                  stream_id: "ID" intermediate_log_entry: true
                  access_log_type: TcpUpstreamConnected }
                  connection_properties { }
                  """)),
          service.entries(2).stream().map(TcpGrpcAccessLogTest::masked).toList());
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void theServiceMayBeAClusterThatWasPushed(ProxyKind kind, @TempDir Path folder) throws Exception {
    try (var service = LogService.start(0)) {
      var file = folder.resolve("cds.yaml");
      var cluster = service(service.port()).replaceFirst("- ", "  ");
      Files.writeString(
          file,
          "resources:\n- \"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster\n"
              + cluster);
      var dynamic =
          "dynamic_resources: { cds_config: { path_config_source: { path: %s } } }\n"
              .formatted(file);
      var bootstrap = bootstrap("", Stream.of(Bootstraps.emptyCluster("one")));
      try (var proxy = Proxy.start(kind, dynamic + bootstrap)) {
        endOneConnection(proxy);
        assertEquals("lab", service.next().getIdentifier().getLogName());
      }
    }
  }

  @Test
  void entriesWaitForAServiceThatIsAway() throws Exception {
    var port = FreePorts.inARow(1);
    var clusters = Stream.of(Bootstraps.emptyCluster("one"), service(port));
    try (var proxy = Proxy.start(ProxyKind.WEIR, bootstrap("", clusters))) {
      endOneConnection(proxy);
      proxy.awaitStat("access_logs.grpc_access_log.grpc_entries_flush_failed", 1);
      try (var service = LogService.start(port)) {
        assertEquals("lab", service.next().getIdentifier().getLogName());
      }
      endOneConnection(proxy);
      try (var service = LogService.start(port)) {
        assertEquals("lab", service.next().getIdentifier().getLogName(), "on a stream of its own");
      }
      proxy.awaitStat("access_logs.grpc_access_log.logs_written", 2);
    }
  }

  @Test
  void aConnectionThatIsOpenWhenTheProxyStopsIsTold() throws Exception {
    try (var service = LogService.start(0);
        var one = Echo.start("one", ANY);
        var proxy = start(ProxyKind.WEIR, service, Bootstraps.cluster("one", one.port()), "");
        var client = Peer.connect(proxy.port("gateway"))) {
      client.ask("hello");
      proxy.stop();
      assertEquals(1, service.next().getTcpLogs().getLogEntryCount());
    }
  }

  private static String entryOfOneConnection(ProxyKind kind, String cluster) throws Exception {
    try (var service = LogService.start(0);
        var proxy = start(kind, service, cluster, "")) {
      endOneConnection(proxy);
      return only(service.next());
    }
  }

  private static void endOneConnection(Proxy proxy) throws IOException {
    try (var client = Peer.connect(proxy.port("gateway"))) {
      client.end();
    }
  }

  private static Proxy start(ProxyKind kind, LogService service, String cluster, String tcpProxy)
      throws IOException {
    return Proxy.start(kind, bootstrap(tcpProxy, Stream.of(cluster, service(service.port()))));
  }

  private static String bootstrap(String tcpProxy, Stream<String> clusters) {
    var log =
        """
        cluster: one
        access_log:
        - name: envoy.access_loggers.tcp_grpc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig
            common_config:
              log_name: lab
              transport_api_version: V3
              grpc_service: { envoy_grpc: { cluster_name: service } }
        """;
    return "node: { id: test-id, cluster: test-cluster }\n"
        + Bootstraps.of(Stream.of(Bootstraps.listener("gateway", tcpProxy + log)), clusters);
  }

  private static String service(int port) {
    return Bootstraps.cluster("service", port) + "  http2_protocol_options: {}\n";
  }

  private static String only(StreamAccessLogsMessage message) {
    assertEquals(1, message.getTcpLogs().getLogEntryCount(), message::toString);
    return masked(message.getTcpLogs().getLogEntry(0));
  }

  /// The entry in one line, with what is different each time masked.
  private static String masked(TCPAccessLogEntry entry) {
    return entry
        .toString()
        .replaceAll("\\s+", " ")
        .strip()
        .replaceAll("port_value: \\d+", "port_value: PORT")
        .replaceAll("(start_time|duration) \\{[^}]*}", "$1 { TIME }")
        .replaceAll("stream_id: \"[0-9a-f-]{36}\"", "stream_id: \"ID\"");
  }

  private static String text(String... parts) {
    return ("common_properties { " + String.join(" ", parts)).replaceAll("\\s+", " ").strip();
  }
}
