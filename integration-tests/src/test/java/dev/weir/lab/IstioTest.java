package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Weir in Envoy's place in a gateway pod: a real pilot-agent runs it, a real istiod configures it,
/// with the files of `istio/seed` as a user has applied them.
@Tag("istio")
class IstioTest {
  private static final int SEED_PORT = 31400;
  private static final int ASKED = 20;

  private static @Nullable GoPrograms programs;

  private @Nullable IstioMesh mesh;

  @BeforeAll
  static void build() {
    try {
      programs = GoPrograms.build("istio");
    } catch (IOException e) {
      skip(e);
    }
  }

  private static void skip(IOException reason) {
    var text = "SKIPPED: Weir under istiod and pilot-agent: " + reason.getMessage();
    System.out.println(text);
    Assumptions.abort(text);
  }

  @AfterEach
  void stop() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSeedsFilesDoWhatTheyDoOnEnvoy(XdsMode mode) throws Exception {
    var mesh = start();
    var agent = mesh.startGateway(mode);
    assertTrue(agent.isAlive(), () -> log("gateway"));
    assertEquals("one hello", ask());
    try (var lasting = mesh.connect(SEED_PORT)) {
      assertEquals("one 0", lasting.ask("0"));
      for (var seed : Seed.ALL) {
        check(seed, lasting);
      }
      fromOneTunnelToAnother();
      assertEquals("one still", lasting.ask("still"));
      assertEquals(List.of(), complaints());
      assertMetrics();
      drain(agent, lasting);
    }
  }

  private IstioMesh start() {
    try {
      var built = programs;
      mesh = IstioMesh.start(built == null ? GoPrograms.build("istio") : built);
    } catch (IOException e) {
      skip(e);
    }
    return mesh();
  }

  private IstioMesh mesh() {
    if (mesh == null) {
      throw new IllegalStateException("not started");
    }
    return mesh;
  }

  /// One of the seed's filters, and who answers once it is in force.
  record Seed(String name, Set<String> answers) {
    static final List<Seed> ALL =
        List.of(
            new Seed("cluster", Set.of("two")),
            new Seed("weighted_clusters", Set.of("one", "two")),
            new Seed("metadata_match", Set.of("istio-2")),
            new Seed("weighted_clusters-metadata_match", Set.of("istio-2")),
            new Seed("access_log", Set.of("one")),
            new Seed("hash_policy", Set.of("one")),
            new Seed("general", Set.of("two")),
            new Seed("tunneling_config-hostname", Set.of("two")),
            new Seed("http2_connect", Set.of("two")),
            new Seed("http2_post", Set.of("two")));

    String file() throws IOException {
      return IstioMesh.read("seed/ef-tcp_proxy-" + name + ".yaml");
    }
  }

  /// Applies a filter, sees it work, and takes it away again; what was open before stays open.
  private void check(Seed seed, Peer lasting) throws IOException {
    long pushes = pushes();
    mesh().apply("istio-system", seed.file());
    Await.until(seed + " is pushed", () -> pushes() > pushes);
    Await.until(seed.toString(), this::answers, seed.answers::equals);
    switch (seed.name) {
      case "access_log" ->
          Await.until(
              "a line of the log",
              () -> ask() + log("gateway"),
              it -> it.contains("outbound|9000|v1|tcp-echo.istio.svc.cluster.local; 127.0.0.1:"));
      case "hash_policy" ->
          Await.until(
              "a ring", () -> mesh().get(15000, "/config_dump"), it -> it.contains("RING_HASH"));
      default -> {}
    }
    assertEquals("one " + seed.name, lasting.ask(seed.name));
    mesh().delete("istio-system", seed.file());
    Await.until("without " + seed, this::answers, Set.of("one")::equals);
  }

  /// One tunnel's listener takes the place of another's, while connections to it are pooled.
  private void fromOneTunnelToAnother() throws IOException {
    mesh().apply("istio-system", IstioMesh.read("seed/ef-tcp_proxy-http2_connect.yaml"));
    Await.until("CONNECT", () -> listener().contains("connect_matcher"));
    Await.until("a tunnel", this::answers, Set.of("two")::equals);
    mesh().apply("istio-system", IstioMesh.read("seed/ef-tcp_proxy-http2_post.yaml"));
    Await.until("POST", () -> listener().contains("allow_post"));
    Await.until("another tunnel", this::answers, Set.of("two")::equals);
    mesh().delete("istio-system", IstioMesh.read("seed/ef-tcp_proxy-http2_post.yaml"));
    Await.until("no tunnel", this::answers, Set.of("one")::equals);
  }

  private String listener() throws IOException {
    return mesh().get(15000, "/config_dump?resource=dynamic_listeners");
  }

  /// Who has answered on connections of their own.
  private Set<String> answers() throws IOException {
    var answers = new TreeSet<String>();
    for (int i = 0; i < ASKED; i++) {
      var answer = ask();
      answers.add(answer.endsWith(" hello") ? answer.replace(" hello", "") : answer);
    }
    return answers;
  }

  private String ask() throws IOException {
    try (var peer = mesh().connect(SEED_PORT)) {
      return peer.ask("hello");
    }
  }

  private String log(String program) {
    try {
      return mesh().log(program);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// How many times istiod has sent listeners.
  private long pushes() {
    return log("istiod").lines().filter(it -> it.contains("LDS: PUSH")).count();
  }

  /// What istiod does not like about us: refused resources, and requests that make no sense to it.
  private List<String> complaints() {
    return log("istiod")
        .lines()
        .filter(it -> it.contains("ACK ERROR") || it.contains("check mismatch"))
        .toList();
  }

  /// What Prometheus gets from the pod.
  private void assertMetrics() throws IOException {
    var page = mesh().get(15020, "/stats/prometheus");
    for (var metric :
        List.of(
            "tcp_connections_opened_total",
            "tcp_connections_closed_total",
            "tcp_sent_bytes_total",
            "tcp_received_bytes_total")) {
      assertTrue(
          page.contains("istio_" + metric + "{reporter=\"source\",source_workload=\"ingress\","),
          metric);
    }
    assertTrue(
        page.contains("destination_service=\"tcp-echo.istio.svc.cluster.local\""), "service");
  }

  /// As when the pod is deleted: the agent has the gateway drain, waits, and kills it.
  private void drain(Process agent, Peer lasting) throws Exception {
    agent.destroy();
    Await.until("it drains", () -> log("gateway").contains("Graceful termination period is"));
    assertEquals("one drained", lasting.ask("drained"));
    assertEquals("one hello", ask()); // a load balancer may take a while to go elsewhere
    assertTrue(agent.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS), "the agent ends");
    assertEquals("EOF", lasting.end().replace("RST", "EOF"));
    assertFalse(log("gateway").contains("LEAK:"));
  }
}
