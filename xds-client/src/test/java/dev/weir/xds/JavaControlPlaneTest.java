package dev.weir.xds;

import static dev.weir.xds.Samples.CLUSTERS;
import static dev.weir.xds.Samples.ENDPOINTS;
import static dev.weir.xds.Samples.LISTENERS;
import static dev.weir.xds.Samples.SECRETS;
import static dev.weir.xds.Samples.cluster;
import static dev.weir.xds.Samples.endpoints;
import static dev.weir.xds.Samples.listener;
import static dev.weir.xds.Samples.secret;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.proto.OnUnknown;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A control plane that others wrote: both protocols, over one stream and over several.
class JavaControlPlaneTest {
  /// The control plane, a client, and what they serve and receive.
  private static final class Pair implements AutoCloseable {
    final ManualLoop loop = new ManualLoop();
    final SimpleCache<String> cache = new SimpleCache<>(_ -> "all");
    final Server server;
    final XdsClient client;

    Pair(boolean delta) {
      var plane = new V3DiscoveryServer(cache);
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try {
        server =
            NettyServerBuilder.forAddress(address)
                .addService(plane.getAggregatedDiscoveryServiceImpl())
                .addService(plane.getClusterDiscoveryServiceImpl())
                .addService(plane.getEndpointDiscoveryServiceImpl())
                .addService(plane.getListenerDiscoveryServiceImpl())
                .addService(plane.getSecretDiscoveryServiceImpl())
                .build()
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      var where = new ControlPlane.Address.Host("127.0.0.1", server.getPort());
      client =
          new XdsClient(
              loop,
              new ClientConfig(Fixture.NODE, ApiConfig.of("plane", delta), OnUnknown.WARN),
              name -> ControlPlane.of(name, where),
              ControlPlaneObserver.NONE);
    }

    void serve(
        String version,
        List<Cluster> clusters,
        List<ClusterLoadAssignment> endpoints,
        List<Listener> listeners) {
      List<Secret> secrets = List.of(secret("s", "secret"));
      cache.setSnapshot(
          "all", Snapshot.create(clusters, endpoints, listeners, List.of(), secrets, version));
    }

    Recorder subscribe(ConfigSource source, ResourceType<?, String> type, Names names) {
      var recorder = new Recorder();
      client.subscribe(source, type, names, recorder, recorder);
      return recorder;
    }

    /// Waits for a call that says this, whatever its version is called.
    void expect(Recorder recorder, String call) {
      assertEquals(call, next(recorder, call));
    }

    /// The same, where the call before may come again: this control plane answers a NACK with what
    /// was refused, as often as it finds the time before it has something better.
    void expectAfterRepeats(Recorder recorder, String repeated, String call) {
      var said = next(recorder, call);
      while (said.equals(repeated)) {
        said = next(recorder, call);
      }
      assertEquals(call, said);
    }

    private String next(Recorder recorder, String expected) {
      var said = loop.await(expected, recorder.calls::poll);
      return said.substring(said.indexOf(' ') + 1);
    }

    @Override
    public void close() {
      client.close();
      server.shutdownNow();
      loop.until("the end of the server", server::isTerminated);
    }
  }

  private static ConfigSource source(boolean delta, boolean ads) {
    return ads
        ? new ConfigSource.Ads(Duration.ZERO)
        : new ConfigSource.Grpc(ApiConfig.of("plane", delta), Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"false, true", "false, false", "true, true", "true, false"})
  void resourcesComeChangeAndGo(boolean delta, boolean ads) {
    try (var pair = new Pair(delta)) {
      var source = source(delta, ads);
      pair.serve(
          "1",
          List.of(cluster("a", "x"), cluster("b", "x")),
          List.of(endpoints("a", "x"), endpoints("b", "x")),
          List.of(listener("l", "x")));
      var clusters = pair.subscribe(source, CLUSTERS, Names.wildcard());
      pair.expect(clusters, "+a=x +b=x");
      var endpoints = pair.subscribe(source, ENDPOINTS, Names.of("a"));
      pair.expect(endpoints, "+a=x");
      var listeners = pair.subscribe(source, LISTENERS, Names.wildcard());
      pair.expect(listeners, "+l=x");
      var secret = pair.subscribe(source, SECRETS, Names.of("s"));
      pair.expect(secret, "+s=secret");
      pair.serve(
          "2",
          List.of(cluster("a", "y")),
          List.of(endpoints("a", "y")),
          List.of(listener("l", "bad"), listener("m", "y")));
      pair.expect(clusters, "+a=y -b");
      pair.expect(endpoints, "+a=y");
      pair.expect(listeners, "+m=y !l");
      pair.serve(
          "3",
          List.of(cluster("a", "y")),
          List.of(endpoints("a", "y")),
          List.of(listener("l", "z"), listener("m", "y")));
      pair.expectAfterRepeats(listeners, "!l", "+l=z");
      assertEquals(1, pair.client.snapshot(CLUSTERS.typeUrl()).size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangedClusterGetsAFreshAnswerForEndpointsThatDidNotChange(boolean delta) {
    try (var pair = new Pair(delta)) {
      var source = source(delta, true);
      pair.serve("1", List.of(cluster("a", "x")), List.of(endpoints("a", "x")), List.of());
      var clusters = pair.subscribe(source, CLUSTERS, Names.wildcard());
      pair.expect(clusters, "+a=x");
      var before = pair.subscribe(source, ENDPOINTS, Names.of("a"));
      pair.expect(before, "+a=x");
      var fresh = new Recorder();
      clusters.onApply =
          () -> pair.client.subscribe(source, ENDPOINTS, Names.of("a"), fresh, fresh);
      pair.serve("2", List.of(cluster("a", "y")), List.of(endpoints("a", "x")), List.of());
      pair.expect(clusters, "+a=y");
      pair.expect(fresh, "+a=x");
    }
  }
}
