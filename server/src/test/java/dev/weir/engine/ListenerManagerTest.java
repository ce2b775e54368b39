package dev.weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Address;
import dev.weir.listener.DrainStrategy;
import dev.weir.listener.FilterFactory;
import dev.weir.listener.ListenerServices;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.TimeSource;
import dev.weir.transport.EventLoops;
import dev.weir.transport.tls.TestTransports;
import dev.weir.upstream.Clusters;
import dev.weir.xds.Rejected;
import dev.weir.xds.Update;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenerManagerTest {
  private final ManualLoop loop = new ManualLoop();
  private final Stats stats = new Stats();
  private final EventLoops loops = EventLoops.start(1);
  private final AccessLogSinks logs =
      new AccessLogSinks(stats, Duration.ofSeconds(1), 1024, (_, _) -> _ -> true);
  private final ListenerManager manager =
      new ListenerManager(
          new ListenerServices(
              loop,
              loops,
              new FilterFactory(loop, new Clusters(), stats, logs, TestTransports.of(loop)),
              new ListenerServices.Telemetry(stats, logs, TimeSource.SYSTEM),
              Duration.ofSeconds(1),
              DrainStrategy.GRADUAL),
          1,
          new ConfigNotes(stats, true));

  @AfterEach
  void close() {
    var closed = manager.close();
    while (!closed.isDone()) {
      loop.run();
      Thread.onSpinWait();
    }
    logs.close();
    loops.close();
  }

  private long count(String name) {
    return stats.scope("listener_manager").counter(name).value();
  }

  private int port(String name) {
    var address =
        manager.active().stream()
            .filter(status -> status.origin().name().equals(name))
            .findFirst()
            .orElseThrow()
            .addresses()
            .getFirst();
    return ((Address.Socket) address).port();
  }

  private static void assertServes(int port) throws IOException {
    try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      socket.getOutputStream().write('x');
      assertEquals('x', socket.getInputStream().read());
    }
  }

  private static void assertRefuses(int port) {
    assertThrows(
        ConnectException.class, () -> new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close());
  }

  /// Pushes to a server that has started.
  private List<Rejected> apply(
      Update<dev.weir.config.Checked<dev.weir.config.ListenerConfig>> push) {
    try {
      manager.startWorkers();
    } catch (StartException e) {
      throw new AssertionError(e);
    }
    var rejected = manager.apply(push);
    loop.run();
    return rejected;
  }

  @Test
  void aPushedListenerServesAtOnce() throws Exception {
    assertEquals(List.of(), apply(Resource.changed(Resource.echo("a", 0, ""))));
    assertServes(port("a"));
    assertEquals(1, count("listener_added"));
    assertEquals(1, count("listener_create_success"));
  }

  @Test
  void whatIsRemovedStopsListeningAtOnce() throws Exception {
    apply(Resource.changed(Resource.echo("a", 0, "")));
    int port = port("a");
    apply(Resource.removed("a"));
    assertRefuses(port);
    assertEquals(1, count("listener_removed"));
  }

  @Test
  void anAddressIsHandedOverWithinOnePush() throws Exception {
    for (var sharing : List.of("enable_reuse_port: true", "enable_reuse_port: false")) {
      apply(Resource.changed(Resource.echo("a", 0, sharing)));
      int port = port("a");
      var rejected =
          apply(
              new Update<>(
                  List.of(Resource.echo("b", port, sharing)), List.of("a"), List.of(), "2"));
      assertEquals(List.of(), rejected, sharing);
      assertServes(port);
      apply(Resource.removed("b"));
    }
  }

  @Test
  void aPortThatIsTakenIsRejectedAndTheOthersServe() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var bad = Resource.echo("bad", taken.getLocalPort(), "");
      var rejected = apply(Resource.changed(bad, Resource.echo("good", 0, "")));
      assertEquals(
          List.of(
              new Rejected(
                  "bad",
                  "cannot bind '127.0.0.1:%d': Address already in use"
                      .formatted(taken.getLocalPort()))),
          rejected);
      assertServes(port("good"));
      assertEquals(1, count("listener_create_failure"));
    }
  }

  @Test
  void anUpdateThatCannotBeAppliedLeavesTheOldInForce() throws Exception {
    apply(Resource.changed(Resource.echo("a", 0, "")));
    var rejected = apply(Resource.changed(Resource.echo("a", 0, "enable_reuse_port: false")));
    assertEquals(
        List.of(new Rejected("a", "Listener a: reuse port cannot be changed during an update")),
        rejected);
    assertServes(port("a"));
    assertEquals(0, count("listener_modified"));
  }

  @Test
  void twoListenersCannotHaveOneAddress() {
    apply(Resource.changed(Resource.echo("a", 0, "")));
    int port = port("a");
    apply(Resource.changed(Resource.echo("a", port, "")));
    var rejected = apply(Resource.changed(Resource.echo("b", port, "")));
    assertTrue(rejected.getFirst().reason().contains("has duplicate address"), rejected::toString);
  }

  @Test
  void anUpdateOfChainsAloneIsCountedAsInPlace() {
    apply(Resource.changed(Resource.echo("a", 0, "")));
    apply(Resource.changed(Resource.echo("a", 0, "default_filter_chain: {filters: []}")));
    assertEquals(1, count("listener_in_place_updated"));
    apply(Resource.changed(Resource.echo("a", 0, "stat_prefix: other")));
    assertEquals(1, count("listener_in_place_updated"));
    assertEquals(2, count("listener_modified"));
  }

  @Test
  void stoppingTurnsNewConnectionsAwayAlsoFromListenersThatComeLater() throws Exception {
    apply(Resource.changed(Resource.echo("a", 0, "")));
    int port = port("a");
    manager.stop(false);
    assertRefuses(port);
    assertEquals(1, count("listener_stopped"));
    apply(Resource.changed(Resource.echo("b", 0, "")));
    assertEquals(
        List.of(false, false), manager.active().stream().map(ListenerStatus::accepting).toList());
  }

  @Test
  void stoppingCanBeForInboundListenersOnly() throws Exception {
    apply(
        Resource.changed(
            Resource.echo("in", 0, "traffic_direction: INBOUND"), Resource.echo("out", 0, "")));
    int in = port("in");
    manager.stop(true);
    assertRefuses(in);
    assertServes(port("out"));
  }

  @Test
  void aListenerThatIsPushedBeforeTheWorkersStartServesOnceTheyDo() throws Exception {
    assertEquals(List.of(), manager.apply(Resource.changed(Resource.echo("a", 0, ""))));
    assertEquals(
        List.of(), manager.apply(Resource.changed(Resource.echo("a", 0, "stat_prefix: x"))));
    loop.run();
    assertEquals(List.of(false), manager.active().stream().map(ListenerStatus::accepting).toList());
    manager.startWorkers();
    assertServes(port("a"));
    assertEquals(1, count("listener_create_success"));
  }

  @Test
  void aStaticListenerServesOnceTheWorkersStart() throws Exception {
    manager.addStatic(List.of(Resource.echo("a", 0, "")));
    assertEquals(0, count("listener_create_success"));
    assertEquals(List.of(false), manager.active().stream().map(ListenerStatus::accepting).toList());
    manager.startWorkers();
    assertServes(port("a"));
    assertEquals(1, stats.scope("listener_manager").gauge("workers_started").value());
    apply(Resource.removed("a"));
    assertServes(port("a")); // a control plane did not give it and does not take it
  }

  @Test
  void aStaticListenerThatCannotBeBoundKeepsTheServerFromStarting() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var wanted = List.of(Resource.echo("a", taken.getLocalPort(), ""));
      var e = assertThrows(StartException.class, () -> manager.addStatic(wanted));
      assertTrue(String.valueOf(e.getMessage()).endsWith("Address already in use"));
    }
  }
}
