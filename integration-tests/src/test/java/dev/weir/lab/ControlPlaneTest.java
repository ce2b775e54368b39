package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.rpc.Status;
import io.envoyproxy.controlplane.cache.Resources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneTest {

  private static final String CDS = Resources.V3.CLUSTER_TYPE_URL;
  private static final String EDS = Resources.V3.ENDPOINT_TYPE_URL;
  private static final Node NODE = Node.newBuilder().setId("gateway").build();
  private static final Status REFUSAL = Status.newBuilder().setMessage("no good").build();

  private final List<XdsEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final ControlPlane plane = ControlPlane.create(events::add);
  private final ManagedChannel channel = connect();

  private ManagedChannel connect() {
    try {
      int port = plane.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    plane.close();
  }

  @Test
  void aRefusedResponseIsNotSentAgainBeforeItChanges() throws InterruptedException {
    plane.push(List.of(cluster("a")));
    try (var peer = AdsPeer.sotw(channel)) {
      peer.send(DiscoveryRequest.newBuilder().setNode(NODE).setTypeUrl(CDS).build());
      var refused = peer.next();
      peer.send(answer(refused).setErrorDetail(REFUSAL).build());
      plane.push(List.of(cluster("b")));
      var mended = peer.next();
      assertEquals(List.of(Any.pack(cluster("b"))), mended.getResourcesList());
      peer.send(answer(mended).setVersionInfo(mended.getVersionInfo()).build());
      awaitEvents(
          new XdsEvent.Connected("gateway"),
          new XdsEvent.Sent("gateway", CDS, refused.getVersionInfo(), 1, 0),
          new XdsEvent.Rejected("gateway", CDS, refused.getVersionInfo(), "no good"),
          new XdsEvent.Sent("gateway", CDS, mended.getVersionInfo(), 1, 0),
          new XdsEvent.Accepted("gateway", CDS, mended.getVersionInfo()));
    }
  }

  @Test
  void aRefusedDeltaIsNotSentAgainBeforeItChanges() throws InterruptedException {
    plane.push(List.of(endpoints("a", 1)));
    try (var peer = AdsPeer.delta(channel)) {
      peer.send(deltaRequest(EDS).addResourceNamesSubscribe("a").build());
      var refused = peer.next();
      peer.send(answer(refused).setErrorDetail(REFUSAL).build());
      plane.push(List.of(endpoints("a", 2)));
      var mended = peer.next();
      assertEquals(
          List.of("a"), mended.getResourcesList().stream().map(Resource::getName).toList());
      peer.send(answer(mended).build());
      awaitEvents(
          new XdsEvent.Connected("gateway"),
          new XdsEvent.Sent("gateway", EDS, refused.getSystemVersionInfo(), 1, 0),
          new XdsEvent.Rejected("gateway", EDS, refused.getSystemVersionInfo(), "no good"),
          new XdsEvent.Sent("gateway", EDS, mended.getSystemVersionInfo(), 1, 0),
          new XdsEvent.Accepted("gateway", EDS, mended.getSystemVersionInfo()));
    }
  }

  @Test
  void whatIsMissingKeepsNothingElseBack() throws InterruptedException {
    plane.push(List.of(endpoints("a", 1)));
    try (var peer = AdsPeer.sotw(channel)) {
      peer.send(
          DiscoveryRequest.newBuilder()
              .setNode(NODE)
              .setTypeUrl(EDS)
              .addAllResourceNames(List.of("a", "b"))
              .build());
      var first = peer.next();
      assertEquals(List.of(Any.pack(endpoints("a", 1))), first.getResourcesList());
      peer.send(
          answer(first)
              .setVersionInfo(first.getVersionInfo())
              .addAllResourceNames(List.of("a", "b"))
              .build());
      plane.push(List.of(endpoints("b", 2)));
      assertEquals(List.of(Any.pack(endpoints("b", 2))), peer.next().getResourcesList());
    }
  }

  @Test
  void aProxyThatComesBackIsToldWhatIsGone() throws InterruptedException {
    plane.push(List.of(cluster("new")));
    try (var peer = AdsPeer.delta(channel)) {
      peer.send(deltaRequest(CDS).putInitialResourceVersions("old", "1").build());
      var response = peer.next();
      assertEquals(List.of("old"), response.getRemovedResourcesList());
      assertEquals("new", response.getResources(0).getName());
    }
  }

  @Test
  void whereThereIsNothingADeltaSaysSo() throws InterruptedException {
    try (var peer = AdsPeer.delta(channel)) {
      peer.send(deltaRequest(CDS).build());
      var nothing = peer.next();
      assertEquals(0, nothing.getResourcesCount());
      peer.send(answer(nothing).build());
      plane.push(List.of(cluster("a")));
      assertEquals("a", peer.next().getResources(0).getName());
    }
  }

  @Test
  void aUnixSocketServesTheSame(@TempDir Path folder) throws Exception {
    plane.push(List.of(cluster("a")));
    plane.listen(folder.resolve("socket"));
    var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    var local =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(folder.resolve("socket")))
            .channelType(NioDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .usePlaintext()
            .build();
    try (var peer = AdsPeer.sotw(local)) {
      peer.send(DiscoveryRequest.newBuilder().setNode(NODE).setTypeUrl(CDS).build());
      assertEquals(List.of(Any.pack(cluster("a"))), peer.next().getResourcesList());
    } finally {
      local.shutdownNow();
      loop.shutdownGracefully();
    }
  }

  private void awaitEvents(XdsEvent... expected) {
    Await.until("events", () -> List.copyOf(events), List.of(expected)::equals);
  }

  private static DeltaDiscoveryRequest.Builder deltaRequest(String type) {
    return DeltaDiscoveryRequest.newBuilder().setNode(NODE).setTypeUrl(type);
  }

  private static DiscoveryRequest.Builder answer(DiscoveryResponse response) {
    return DiscoveryRequest.newBuilder()
        .setTypeUrl(response.getTypeUrl())
        .setResponseNonce(response.getNonce());
  }

  private static DeltaDiscoveryRequest.Builder answer(DeltaDiscoveryResponse response) {
    return DeltaDiscoveryRequest.newBuilder()
        .setTypeUrl(response.getTypeUrl())
        .setResponseNonce(response.getNonce());
  }

  private static Cluster cluster(String name) {
    return Cluster.newBuilder().setName(name).build();
  }

  private static ClusterLoadAssignment endpoints(String name, int factor) {
    var assignment = ClusterLoadAssignment.newBuilder().setClusterName(name);
    assignment.getPolicyBuilder().getOverprovisioningFactorBuilder().setValue(factor);
    return assignment.build();
  }
}
