package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of connections and requests that wait for a decision, when something happens
/// meanwhile: to them, to the service, to the configuration. One gateway serves all; at its end it
/// must not have lost a buffer.
class DecisionLifeTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final Judge.Answer YES = new Judge.Answer.Bytes(ByteString.EMPTY);

  @TempDir private static Path folder;

  private static Echo echo;
  private static Judge judge;
  private static Judge other;
  private static ServerSocket liar;
  private static Proxy proxy;

  @BeforeAll
  static void start() throws IOException {
    echo = Echo.start("one", ANY);
    judge = Judge.start(0);
    other = Judge.start(0);
    liar = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(DecisionLifeTest::lie);
    push(network("push", "judge", "before"));
    proxy =
        Proxy.start(
            ProxyKind.WEIR,
            "node: {id: me, cluster: us}\n"
                + "dynamic_resources: {lds_config: {path_config_source: {path: "
                + folder.resolve("listeners.yaml")
                + "}}}\n"
                + "static_resources:\n  listeners:\n"
                + listeners()
                + "  clusters:\n"
                + Bootstraps.cluster("one", echo.port()).indent(2)
                + http2("judge", judge.port())
                + http2("other", other.port())
                + http2("liar", liar.getLocalPort()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    echo.close();
    judge.close();
    other.close();
    liar.close();
  }

  /// Whoever connects is told something that is no HTTP/2.
  private static void lie() {
    while (!liar.isClosed()) {
      try {
        var client = liar.accept();
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n\0\1\2".getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException _) {
        // It is closed, or the client is.
      }
    }
  }

  private static void push(String listener) throws IOException {
    var text =
        "resources:\n"
            + listener.replaceFirst(
                "- name:",
                "- \"@type\": type.googleapis.com/envoy.config.listener.v3.Listener\n    name:");
    var next = Files.writeString(folder.resolve("next.yaml"), text);
    Files.move(next, folder.resolve("listeners.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String http2(String name, int port) {
    return Bootstraps.cluster(name, port).stripTrailing().indent(2)
        + "    http2_protocol_options: {}\n";
  }

  private static String listeners() {
    return Stream.of(
            network("hangs-up", "judge", "hangs-up"),
            network("dies", "other", "dies"),
            network("lies", "liar", "lies"),
            request("http-hangs-up", "judge"),
            request("http-body", "judge"),
            request("http-strange", "judge"),
            request("http-lies", "liar"))
        .collect(Collectors.joining());
  }

  private static String service(String cluster, String name) {
    return "{timeout: 60s, envoy_grpc: {cluster_name: %s}, initial_metadata: [{key: case, value: %s}]}"
        .formatted(cluster, name);
  }

  private static String network(String name, String cluster, String question) {
    return """
      - name: %1$s
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - filters:
          - name: authz
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.ext_authz\
    .v3.ExtAuthz, stat_prefix: %1$s, grpc_service: %2$s}
          - name: proxy
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy\
    .v3.TcpProxy, stat_prefix: %1$s, cluster: one}
    """
        .formatted(name, service(cluster, question));
  }

  private static String request(String name, String cluster) {
    return """
      - name: %1$s
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - filters:
          - name: http
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager\
    .v3.HttpConnectionManager
              stat_prefix: %1$s
              http_filters:
              - name: authz
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz\
    .v3.ExtAuthz, transport_api_version: V3, grpc_service: %2$s, with_request_body: \
    {max_request_bytes: 100000}}
              - name: router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3\
    .Router}
              route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: \
    /}, direct_response: {status: 200, body: {inline_string: in}}}]}]}
    """
        .formatted(name, service(cluster, name));
  }

  @Test
  void aQuestionIsTakenBackWhenTheClientHangsUp() throws Exception {
    int before = judge.cancelled();
    try (var client = Peer.connect(proxy.port("hangs-up"))) {
      client.send("hello\n");
      judge.next("hangs-up");
      proxy.awaitStat("ext_authz.hangs-up.active", 1);
      client.reset();
      proxy.awaitStat("ext_authz.hangs-up.active", 0);
      Await.until("the question is taken back", () -> judge.cancelled() > before);
      assertEquals(0, proxy.stats().get("ext_authz.hangs-up.error"));
    }
  }

  @Test
  void aServiceThatDiesMidwayIsAnErrorAndItsSuccessorIsAsked() throws Exception {
    try (var client = Peer.connect(proxy.port("dies"))) {
      client.send("hello\n");
      other.next("dies");
      int port = other.port();
      other.close();
      assertEquals("EOF", client.end().replace(Peer.RST, Peer.EOF));
      proxy.awaitStat("ext_authz.dies.error", 1);
      assertEquals("EOF", Peer.ask(proxy.port("dies"), "hello").replace(Peer.RST, Peer.EOF));
      proxy.awaitStat("ext_authz.dies.error", 2);
      other = Judge.start(port);
      other.answer("dies", YES);
      assertEquals("one hello", Peer.ask(proxy.port("dies"), "hello"));
    }
  }

  @Test
  void aServiceThatSpeaksSomethingElseIsAnError() throws Exception {
    assertEquals("EOF", Peer.ask(proxy.port("lies"), "hello").replace(Peer.RST, Peer.EOF));
    proxy.awaitStat("ext_authz.lies.error", 1);
    try (var client = Peer.connect(proxy.port("http-lies"))) {
      client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertEquals("HTTP/1.1 403 Forbidden\r", client.line());
    }
    proxy.awaitStat("http.http-lies.ext_authz.error", 1);
  }

  @Test
  void aRefusalWithAStatusThatIsNoneIsA403() throws Exception {
    var strange = DeniedHttpResponse.newBuilder();
    strange.getStatusBuilder().mergeFrom(new byte[] {8, (byte) 0x8f, 0x4e}); // 9999
    judge.answer(
        "http-strange",
        Judge.Answer.of(
            CheckResponse.newBuilder()
                .setStatus(com.google.rpc.Status.newBuilder().setCode(7))
                .setDeniedResponse(strange)
                .build()));
    try (var client = Peer.connect(proxy.port("http-strange"))) {
      client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertEquals("HTTP/1.1 403 Forbidden\r", client.line());
    }
  }

  @Test
  void aPushOfAnotherFilterLeavesThoseAloneThatWait() throws Exception {
    int port = proxy.port("push");
    try (var waiting = Peer.connect(port)) {
      waiting.send("hello\n");
      judge.next("before");
      judge.answer("before", YES); // for those that come later
      judge.answer("after", YES);
      push(network("push", "judge", "after"));
      Await.until(
          "the new filter is in force",
          () -> ask(port).equals("one hello") && judge.asked("after") > 0);
      judge.release("before", YES);
      assertEquals("one hello", waiting.line());
    }
  }

  private static String ask(int port) {
    try {
      return Peer.ask(port, "hello");
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void aRequestIsForgottenWhenItsClientGoesAwayBeforeTheAnswer() throws Exception {
    int before = judge.cancelled();
    try (var client = Peer.connect(proxy.port("http-hangs-up"))) {
      client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello");
      judge.next("http-hangs-up");
      client.reset();
      Await.until("the question is taken back", () -> judge.cancelled() > before);
      proxy.awaitStat("http.http-hangs-up.downstream_rq_active", 0);
    }
  }

  @Test
  void aBodyIsForgottenWhenItsClientGoesAwayBeforeItIsWhole() throws Exception {
    try (var client = Peer.connect(proxy.port("http-body"))) {
      client.send(
          "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 50000\r\n\r\n" + "x".repeat(30_000));
      proxy.awaitStat("http.http-body.downstream_rq_active", 1);
      client.reset();
      proxy.awaitStat("http.http-body.downstream_rq_active", 0);
      assertEquals(0, judge.asked("http-body"));
    }
  }
}
