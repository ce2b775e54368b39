package dev.weir.xds;

import static dev.weir.xds.Samples.CLUSTERS;
import static dev.weir.xds.Samples.cluster;
import static dev.weir.xds.Samples.world;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.xds.ControlPlane.Address;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a control plane may listen.
class AddressTest {
  private final Recorder recorder = new Recorder();

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void aTcpPortByAddressOrName(String host) {
    try (var fixture = new Fixture(false)) {
      fixture.planes.put(
          "plane", ControlPlane.of("plane", new Address.Host(host, fixture.plane.port())));
      fixture.all(CLUSTERS, recorder);
      var stream = fixture.plane.stream();
      stream.send(world(CLUSTERS, "v1", "n1", cluster("a", "x")).build());
      fixture.expect(recorder, "v1 +a=x");
    }
  }

  @Test
  void aSocketInTheFileSystem(@TempDir Path folder) {
    Assumptions.assumeTrue(Epoll.isAvailable());
    var path = folder.resolve("xds").toString();
    reachesThePipe(new DomainSocketAddress(path), path);
  }

  @Test
  void aSocketWithAnAbstractName() {
    Assumptions.assumeTrue(Epoll.isAvailable());
    var name = "weir-test-" + ProcessHandle.current().pid();
    reachesThePipe(new DomainSocketAddress("\0" + name), "@" + name);
  }

  private void reachesThePipe(DomainSocketAddress listening, String path) {
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (var fixture = new Fixture(false);
        var plane = pipePlane(fixture.loop, listening, group)) {
      fixture.planes.put("plane", ControlPlane.of("plane", new Address.Pipe(path)));
      fixture.all(CLUSTERS, recorder);
      var stream = plane.stream();
      stream.send(world(CLUSTERS, "v1", "n1", cluster("a", "x")).build());
      fixture.expect(recorder, "v1 +a=x");
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static FakePlane pipePlane(
      ManualLoop loop, DomainSocketAddress address, MultiThreadIoEventLoopGroup group) {
    return new FakePlane(
        loop,
        NettyServerBuilder.forAddress(address),
        builder ->
            builder
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group));
  }

  @Test
  void aSocketInTheFileSystemWithoutEpoll(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(Epoll.isAvailable());
    var path = folder.resolve("xds").toString();
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    var loop = new ManualLoop();
    var answer = new CompletableFuture<DiscoveryResponse>();
    try (var plane = pipePlane(loop, new DomainSocketAddress(path), group);
        var io = new IoThread(false)) {
      var channel =
          io.builder(new Address.Pipe(path)).overrideAuthority("localhost").usePlaintext().build();
      AggregatedDiscoveryServiceGrpc.newStub(channel)
          .streamAggregatedResources(
              new StreamObserver<>() {
                @Override
                public void onNext(DiscoveryResponse response) {
                  answer.complete(response);
                }

                @Override
                public void onError(Throwable failure) {
                  answer.completeExceptionally(failure);
                }

                @Override
                public void onCompleted() {}
              })
          .onNext(DiscoveryRequest.getDefaultInstance());
      plane.stream().send(world(CLUSTERS, "v1", "n1").build());
      assertEquals("v1", answer.get(20, TimeUnit.SECONDS).getVersionInfo());
      channel.shutdownNow();
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
