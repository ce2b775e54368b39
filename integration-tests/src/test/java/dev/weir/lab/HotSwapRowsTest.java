package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.controlplane.cache.Resources;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.SocketOption;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a push does to open connections, row by row of the table in `ARCHITECTURE.md`, over both
/// forms of the protocol: each with connections that talk while it happens and look at every byte.
/// One gateway serves all rows.
@ParameterizedClass
@EnumSource
class HotSwapRowsTest {

  private static final String ACTIVE = "listener.l.downstream_cx_active";

  private static final Map<XdsMode, HotSwapStage> STAGES = new EnumMap<>(XdsMode.class);

  private final HotSwapStage stage;
  private final ControlPlane plane;
  private final Echo one;
  private final Echo two;
  private final Proxy proxy;
  private final Message clusterOne = Xds.cluster("one", "one");
  private final Message clusterTwo = Xds.cluster("two", "two");
  private final Message endpointsOne;
  private final Message endpointsTwo;
  private long modified;

  HotSwapRowsTest(XdsMode mode) {
    stage = STAGES.computeIfAbsent(mode, HotSwapStage::start);
    plane = stage.plane();
    one = stage.one();
    two = stage.two();
    proxy = stage.proxy();
    endpointsOne = Xds.endpoints("one", one.port());
    endpointsTwo = Xds.endpoints("two", two.port());
  }

  @AfterAll
  static void stop() throws IOException {
    for (var stage : STAGES.values()) {
      stage.stop();
    }
    STAGES.clear();
  }

  /// A listener to the first backend, and nothing left of the row before.
  @BeforeEach
  void begin() throws IOException {
    plane.push(List.of());
    proxy.awaitStat("listener_manager.total_listeners_active", 0);
    proxy.awaitStat("listener_manager.total_listeners_draining", 0);
    push(listener("one"));
    awaitAnswer("one");
    modified = proxy.stats().getOrDefault("listener_manager.listener_modified", 0L);
  }

  private void push(Message... listeners) {
    var all = new ArrayList<Message>(List.of(listeners));
    all.addAll(List.of(clusterOne, endpointsOne, clusterTwo, endpointsTwo));
    plane.push(all);
  }

  private static Listener listener(String cluster) {
    return Xds.listener("l", cluster).toBuilder().setStatPrefix("l").build();
  }

  private static Listener listener(TcpProxy.Builder tcpProxy) {
    return Xds.listener("l", tcpProxy.setStatPrefix("t").build()).toBuilder()
        .setStatPrefix("l")
        .build();
  }

  private void awaitAnswer(String backend) {
    Await.until(
        "an answer of " + backend,
        () -> Peer.ask(proxy.port("l"), "hello"),
        (backend + " hello")::equals);
  }

  private void awaitModified(int times) {
    proxy.awaitStat("listener_manager.listener_modified", modified + times);
  }

  private Talker talk() throws IOException {
    return Talker.start(proxy.port("l"), "one", System.nanoTime());
  }

  private boolean isRefused(int port) throws IOException {
    try (var _ = Peer.connect(port)) {
      return false;
    } catch (ConnectException _) {
      return true;
    }
  }

  @Test
  void theSameContentInOtherWordsChangesNothing() throws IOException {
    try (var talker = talk()) {
      var same =
          listener("one").toBuilder()
              .setPerConnectionBufferLimitBytes(UInt32Value.of(1024 * 1024))
              .setBindToPort(BoolValue.of(true))
              .setListenerFiltersTimeout(Duration.newBuilder().setSeconds(15))
              .build();
      push(same, Xds.listener("m", "one"));
      Await.until("the other one", () -> Peer.ask(proxy.port("m"), "x"), "one x"::equals);
      talker.goesOn();
      assertEquals(modified, proxy.stats().get("listener_manager.listener_modified"));
    }
  }

  @Test
  void tuningAndAnotherTargetAreForNewConnections() throws IOException {
    try (var talker = talk()) {
      var log = Any.pack(FileAccessLog.newBuilder().setPath("/dev/null").build());
      push(
          listener(
              TcpProxy.newBuilder()
                  .setCluster("two")
                  .setIdleTimeout(Duration.newBuilder().setSeconds(30))
                  .addAccessLog(AccessLog.newBuilder().setName("f").setTypedConfig(log))));
      awaitAnswer("two");
      proxy.awaitStat("listener_manager.total_filter_chains_draining", 0);
      talker.goesOn();
      assertEquals(
          0,
          proxy.stats().getOrDefault("listener.l.downstream_cx_drained.filter_chain_removed", 0L));
    }
  }

  @Test
  void connectionsOfARemovedChainDrain() throws IOException {
    try (var talker = talk();
        var idle = Peer.connect(proxy.port("l"))) {
      assertEquals("one x", idle.ask("x"));
      var other = listener("two").toBuilder();
      other.getFilterChainsBuilder(0).getFilterChainMatchBuilder().addSourcePorts(1);
      other.addFilterChains(listener("two").getFilterChains(0));
      other
          .getFilterChainsBuilder(1)
          .getFilterChainMatchBuilder()
          .addSourcePrefixRangesBuilder()
          .setAddressPrefix("127.0.0.0")
          .setPrefixLen(UInt32Value.of(8));
      push(other.build());
      awaitAnswer("two");
      talker.ends();
      assertEquals(Peer.EOF, idle.end());
      proxy.awaitStat("listener.l.downstream_cx_drained.filter_chain_removed", 2);
      awaitAnswer("two");
    }
  }

  @Test
  void connectionsOfAChainWhoseMatchChangesDrain() throws IOException {
    try (var talker = talk()) {
      var other = listener("one").toBuilder();
      other
          .getFilterChainsBuilder(0)
          .getFilterChainMatchBuilder()
          .addSourcePrefixRangesBuilder()
          .setAddressPrefix("127.0.0.0")
          .setPrefixLen(UInt32Value.of(8));
      push(other.build());
      awaitModified(1);
      talker.ends();
      awaitAnswer("one");
    }
  }

  @Test
  void listenerFiltersAreForNewConnections() throws IOException {
    try (var talker = talk()) {
      var inspector =
          ListenerFilter.newBuilder()
              .setName("h")
              .setTypedConfig(Any.pack(HttpInspector.getDefaultInstance()));
      push(listener("two").toBuilder().addListenerFilters(inspector).build());
      awaitModified(1);
      awaitAnswer("two");
      talker.goesOn();
      assertEquals("two GET / HTTP/1.1", Peer.ask(proxy.port("l"), "GET / HTTP/1.1"));
      proxy.awaitStat("http_inspector.http11_found", 1);
    }
  }

  @Test
  void anotherAddressIsListenedToBeforeTheOldOneIsLeft() throws IOException {
    int old = proxy.port("l");
    try (var talker = talk()) {
      var moved = listener("two").toBuilder();
      moved.getAddressBuilder().getSocketAddressBuilder().setPortValue(FreePorts.inARow(1));
      push(moved.build());
      awaitAnswer("two");
      Await.until("the old one refuses", () -> isRefused(old));
      talker.goesOn();
    }
  }

  @Test
  void otherSocketOptionsKeepConnections() throws IOException {
    try (var talker = talk()) {
      var keepalive = SocketOption.newBuilder().setLevel(1).setName(9).setIntValue(1);
      push(listener("two").toBuilder().addSocketOptions(keepalive).build());
      awaitAnswer("two");
      talker.goesOn();
    }
  }

  @Test
  void connectionsOfARemovedListenerDrainAndNewOnesAreRefused() throws IOException {
    int port = proxy.port("l");
    try (var talker = talk();
        var idle = Peer.connect(port)) {
      assertEquals("one x", idle.ask("x"));
      push();
      Await.until("refused", () -> isRefused(port));
      talker.ends();
      assertEquals(Peer.EOF, idle.end());
      proxy.awaitStat("listener_manager.total_listeners_draining", 0);
    }
  }

  @Test
  void connectionsToARemovedOrChangedClusterGoOn() throws IOException {
    try (var talker = talk()) {
      plane.push(List.of(listener("one"), clusterTwo, endpointsTwo));
      Await.until("gone", () -> Peer.ask(proxy.port("l"), "x"), it -> !it.equals("one x"));
      talker.goesOn();
      plane.push(List.of(listener("one"), Xds.cluster("one", "two"), endpointsTwo));
      awaitAnswer("two");
      talker.goesOn();
    }
  }

  @Test
  void connectionsToARemovedEndpointGoOn() throws IOException {
    try (var talker = talk()) {
      plane.push(List.of(listener("one"), clusterOne, Xds.endpoints("one", two.port())));
      awaitAnswer("two");
      talker.goesOn();
      plane.push(List.of(listener("one"), clusterOne, Xds.endpoints("one")));
      Await.until("gone", () -> Peer.ask(proxy.port("l"), "x"), it -> !it.endsWith(" x"));
      talker.goesOn();
    }
  }

  @Test
  void reusePortCannotChangeAndTheListenerServesOn() throws IOException {
    stage.events().clear();
    try (var talker = talk()) {
      push(listener("two").toBuilder().setEnableReusePort(BoolValue.of(false)).build());
      var reason = stage.awaitRefusal(Resources.V3.LISTENER_TYPE_URL);
      assertTrue(
          reason.contains("Listener l: reuse port cannot be changed during an update"), reason);
      talker.goesOn();
      awaitAnswer("one");
    }
  }

  @Test
  void anOperatorCanDrainOneListenerOrOneHost() throws IOException {
    push(listener("one"), Xds.listener("m", "one"));
    Await.until("the other one", () -> Peer.ask(proxy.port("m"), "x"), "one x"::equals);
    int port = proxy.port("l");
    try (var talker = talk();
        var other = Talker.start(proxy.port("m"), "one", 1)) {
      proxy.post("/drain_listeners?listener=l");
      Await.until("refused", () -> isRefused(port));
      talker.ends();
      other.goesOn();
      proxy.awaitStat("listener.l.downstream_cx_drained.operator", 1);
      proxy.post("/drain_listeners?endpoint=127.0.0.1:" + one.port());
      other.ends();
    }
    proxy.awaitStat(ACTIVE, 0);
  }
}
