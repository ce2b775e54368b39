package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.envoyproxy.controlplane.cache.Resources;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of listeners, clusters and endpoints when a control plane adds, changes and removes
/// them, and when it sends bad ones: over both forms of the protocol, with real connections.
@ParameterizedClass
@EnumSource
class XdsUpdateTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final Set<String> CLOSED = Set.of(Peer.EOF, Peer.RST);

  private final BlockingQueue<XdsEvent> events = new LinkedBlockingQueue<>();
  private final ControlPlane plane = ControlPlane.create(events::add);
  private final Echo one = echo("one");
  private final Echo two = echo("two");
  private final Proxy proxy;

  XdsUpdateTest(XdsMode mode) throws IOException {
    push();
    proxy = Proxy.start(ProxyKind.WEIR, mode.bootstrap(plane.listen(ANY)));
  }

  private static Echo echo(String name) {
    try {
      return Echo.start(name, ANY);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    plane.close();
    one.close();
    two.close();
  }

  private final Message listener = Xds.listener("l", "c");
  private final Message cluster = Xds.cluster("c", "e");
  private final Message endpoints = Xds.endpoints("e", one.port());

  private void push(Message... resources) {
    plane.push(List.of(resources));
  }

  @Test
  void anAddedListenerServes() {
    push(cluster, endpoints);
    push(cluster, endpoints, listener);
    awaitAnswer("l", "one hello");
    push(cluster, endpoints, listener, Xds.listener("m", "c"));
    awaitAnswer("m", "one hello");
    awaitAnswer("l", "one hello");
  }

  @Test
  void aChangedListenerServesNewConnectionsTheNewWayAndOldOnesTheOld() throws IOException {
    var other = Xds.cluster("d", "f");
    var otherEndpoints = Xds.endpoints("f", two.port());
    push(cluster, endpoints, other, otherEndpoints, listener);
    awaitAnswer("l", "one hello");
    try (var old = Peer.connect(proxy.port("l"))) {
      assertEquals("one first", old.ask("first"));
      push(cluster, endpoints, other, otherEndpoints, Xds.listener("l", "d"));
      awaitAnswer("l", "two hello");
      assertEquals("one second", old.ask("second"));
    }
  }

  @Test
  void aRemovedListenerRefuses() {
    push(cluster, endpoints, listener, Xds.listener("m", "c"));
    awaitAnswer("l", "one hello");
    int port = proxy.port("l");
    push(cluster, endpoints, Xds.listener("m", "c"));
    Await.until("refused", () -> isRefused(port));
    awaitAnswer("m", "one hello");
  }

  @Test
  void aBadListenerIsRefusedByNameAndTheOthersServeOn() {
    push(cluster, endpoints, listener);
    awaitAnswer("l", "one hello");
    var bad = Xds.listener("l", TcpProxy.newBuilder().setCluster("c").build());
    push(cluster, endpoints, bad, Xds.listener("m", "c"));
    awaitRefusal(Resources.V3.LISTENER_TYPE_URL, "l");
    awaitAnswer("m", "one hello");
    awaitAnswer("l", "one hello");
    push(cluster, endpoints, Xds.listener("n", "c"));
    awaitAnswer("n", "one hello");
  }

  @Test
  void anAddedClusterIsConnectedTo() {
    push(listener);
    awaitClosed("l");
    push(listener, cluster, endpoints);
    awaitAnswer("l", "one hello");
  }

  @Test
  void aChangedClusterIsUsedOnceItsEndpointsAreKnownAndTheOldUntilThen() throws IOException {
    push(listener, cluster, endpoints);
    awaitAnswer("l", "one hello");
    try (var old = Peer.connect(proxy.port("l"))) {
      assertEquals("one first", old.ask("first"));
      events.clear();
      push(listener, Xds.cluster("c", "later"), endpoints);
      awaitAcceptance(Resources.V3.CLUSTER_TYPE_URL); // which does not wait for its endpoints
      proxy.awaitStat("cluster_manager.warming_clusters", 1);
      assertEquals("one hello", Peer.ask(proxy.port("l"), "hello"));
      push(listener, Xds.cluster("c", "later"), Xds.endpoints("later", two.port()));
      awaitAnswer("l", "two hello");
      assertEquals("one second", old.ask("second"));
    }
  }

  @Test
  void aRemovedClusterIsNoLongerConnectedTo() throws IOException {
    push(listener, cluster, endpoints);
    awaitAnswer("l", "one hello");
    try (var old = Peer.connect(proxy.port("l"))) {
      assertEquals("one first", old.ask("first"));
      push(listener);
      awaitClosed("l");
      assertEquals("one second", old.ask("second"));
    }
  }

  @Test
  void aBadClusterIsRefusedByNameAndTheOthersServeOn() {
    push(listener, cluster, endpoints);
    awaitAnswer("l", "one hello");
    var bad =
        Xds.cluster("c", "e").toBuilder().setConnectTimeout(Duration.getDefaultInstance()).build();
    push(listener, bad, endpoints, Xds.cluster("d", "e"), Xds.listener("m", "d"));
    awaitRefusal(Resources.V3.CLUSTER_TYPE_URL, "c");
    awaitAnswer("m", "one hello");
    awaitAnswer("l", "one hello");
  }

  @Test
  void anAddedEndpointIsConnectedTo() {
    push(listener, cluster, endpoints);
    awaitAnswer("l", "one hello");
    push(listener, cluster, Xds.endpoints("e", one.port(), two.port()));
    awaitAnswer("l", "two hello");
    awaitAnswer("l", "one hello");
  }

  @Test
  void aChangedEndpointIsConnectedToAndOpenConnectionsStay() throws IOException {
    push(listener, cluster, endpoints);
    awaitAnswer("l", "one hello");
    try (var old = Peer.connect(proxy.port("l"))) {
      assertEquals("one first", old.ask("first"));
      push(listener, cluster, Xds.endpoints("e", two.port()));
      awaitAnswer("l", "two hello");
      assertEquals("one second", old.ask("second"));
    }
  }

  @Test
  void aRemovedEndpointIsNoLongerConnectedToAndOpenConnectionsStay() throws IOException {
    push(listener, cluster, endpoints);
    awaitAnswer("l", "one hello");
    try (var old = Peer.connect(proxy.port("l"))) {
      assertEquals("one first", old.ask("first"));
      push(listener, cluster, Xds.endpoints("e"));
      awaitClosed("l");
      assertEquals("one second", old.ask("second"));
    }
  }

  @Test
  void badEndpointsAreRefusedByNameAndTheOthersServeOn() {
    push(listener, cluster, endpoints);
    awaitAnswer("l", "one hello");
    push(
        listener,
        cluster,
        Xds.endpoints("e", 70_000),
        Xds.cluster("d", "f"),
        Xds.endpoints("f", two.port()),
        Xds.listener("m", "d"));
    awaitRefusal(Resources.V3.ENDPOINT_TYPE_URL, "e");
    awaitAnswer("m", "two hello");
    awaitAnswer("l", "one hello");
  }

  private void awaitAnswer(String at, String answer) {
    Await.until("an answer", () -> Peer.ask(proxy.port(at), "hello"), answer::equals);
  }

  private void awaitClosed(String at) {
    Await.until("closed", () -> Peer.ask(proxy.port(at), "hello"), CLOSED::contains);
  }

  private static boolean isRefused(int port) throws IOException {
    try (var _ = Peer.connect(port)) {
      return false;
    } catch (ConnectException _) {
      return true;
    }
  }

  private void awaitAcceptance(String type) {
    Await.until(
        "an acceptance",
        events::poll,
        it -> it instanceof XdsEvent.Accepted accepted && accepted.type().equals(type));
  }

  private void awaitRefusal(String type, String name) {
    var refusal =
        Await.until(
            "a refusal",
            events::poll,
            it -> it instanceof XdsEvent.Rejected rejected && rejected.type().equals(type));
    assertTrue(((XdsEvent.Rejected) refusal).reason().contains(name), refusal::toString);
  }
}
