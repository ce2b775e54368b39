package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Weir in Envoy's place in a gateway pod: a real pilot-agent runs it, a real istiod configures it,
/// with the files of `istio/seed` as a user has applied them.
@Tag("istio")
class IstioTest {
  private static final int SEED_PORT = 31400;
  private static final int ASKED = 20;

  @ParameterizedTest
  @EnumSource
  void theSeedsFilesDoWhatTheyDoOnEnvoy(XdsMode mode) throws Exception {
    try (var mesh = IstioMesh.startOrSkip()) {
      var agent = mesh.startGateway(mode);
      assertTrue(agent.isAlive(), () -> mesh.log("gateway"));
      assertEquals("one hello", mesh.ask(SEED_PORT, "hello"));
      try (var lasting = mesh.connect(SEED_PORT)) {
        assertEquals("one 0", lasting.ask("0"));
        for (var seed : Seed.ALL) {
          check(seed, mesh, lasting);
        }
        fromOneTunnelToAnother(mesh);
        assertEquals("one still", lasting.ask("still"));
        assertEquals(List.of(), mesh.complaints());
        assertMetrics(mesh);
        drain(mesh, agent, lasting);
      }
    }
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
  private static void check(Seed seed, IstioMesh mesh, Peer lasting) throws IOException {
    long pushes = pushes(mesh);
    mesh.apply("istio-system", seed.file());
    Await.until(seed + " is pushed", () -> pushes(mesh) > pushes);
    Await.until(seed.toString(), () -> answers(mesh), seed.answers::equals);
    switch (seed.name) {
      case "access_log" ->
          Await.until(
              "a line of the log",
              () -> mesh.ask(SEED_PORT, "hello") + mesh.log("gateway"),
              it -> it.contains("outbound|9000|v1|tcp-echo.istio.svc.cluster.local; 127.0.0.1:"));
      case "hash_policy" ->
          Await.until(
              "a ring", () -> mesh.get(15000, "/config_dump"), it -> it.contains("RING_HASH"));
      default -> {}
    }
    assertEquals("one " + seed.name, lasting.ask(seed.name));
    mesh.delete("istio-system", seed.file());
    Await.until("without " + seed, () -> answers(mesh), Set.of("one")::equals);
  }

  /// One tunnel's listener takes the place of another's, while connections to it are pooled.
  private static void fromOneTunnelToAnother(IstioMesh mesh) throws IOException {
    mesh.apply("istio-system", IstioMesh.read("seed/ef-tcp_proxy-http2_connect.yaml"));
    Await.until("CONNECT", () -> listeners(mesh).contains("connect_matcher"));
    Await.until("a tunnel", () -> answers(mesh), Set.of("two")::equals);
    mesh.apply("istio-system", IstioMesh.read("seed/ef-tcp_proxy-http2_post.yaml"));
    Await.until("POST", () -> listeners(mesh).contains("allow_post"));
    Await.until("another tunnel", () -> answers(mesh), Set.of("two")::equals);
    mesh.delete("istio-system", IstioMesh.read("seed/ef-tcp_proxy-http2_post.yaml"));
    Await.until("no tunnel", () -> answers(mesh), Set.of("one")::equals);
  }

  private static String listeners(IstioMesh mesh) throws IOException {
    return mesh.get(15000, "/config_dump?resource=dynamic_listeners");
  }

  /// Who has answered on connections of their own.
  private static Set<String> answers(IstioMesh mesh) throws IOException {
    var answers = new TreeSet<String>();
    for (int i = 0; i < ASKED; i++) {
      var answer = mesh.ask(SEED_PORT, "hello");
      answers.add(answer.endsWith(" hello") ? answer.replace(" hello", "") : answer);
    }
    return answers;
  }

  /// How many times istiod has sent listeners.
  private static long pushes(IstioMesh mesh) {
    return mesh.log("istiod").lines().filter(it -> it.contains("LDS: PUSH")).count();
  }

  /// What Prometheus gets from the pod.
  private static void assertMetrics(IstioMesh mesh) throws IOException {
    var page = mesh.get(15020, "/stats/prometheus");
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
  private static void drain(IstioMesh mesh, Process agent, Peer lasting) throws Exception {
    agent.destroy();
    Await.until("it drains", () -> mesh.log("gateway").contains("Graceful termination period is"));
    assertEquals("one drained", lasting.ask("drained"));
    // A load balancer may take a while to go elsewhere.
    assertEquals("one hello", mesh.ask(SEED_PORT, "hello"));
    assertTrue(agent.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS), "the agent ends");
    assertEquals("EOF", lasting.end().replace("RST", "EOF"));
    assertFalse(mesh.log("gateway").contains("LEAK:"));
  }
}
