package dev.weir.lab;

import com.google.protobuf.Message;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A control plane that gives every proxy the same resources: state-of-the-world and delta, over
/// one ADS stream or a stream for each type. It begins with nothing; each [#push] replaces
/// everything. All methods may be called on any thread.
public final class ControlPlane implements AutoCloseable {

  private static final String EVERYBODY = "everybody";

  private final SimpleCache<String> cache = new SimpleCache<>(_ -> EVERYBODY);
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Consumer<XdsEvent> events;
  private final List<Server> servers = new CopyOnWriteArrayList<>();

  private ControlPlane(Consumer<XdsEvent> events) {
    this.events = events;
    push(List.of());
  }

  /// Starts a control plane that listens nowhere yet.
  ///
  /// @param events is told of everything that is said, on whatever thread it is said
  public static ControlPlane create(Consumer<XdsEvent> events) {
    return new ControlPlane(events);
  }

  /// Listens on a TCP address; port 0 takes any free one.
  ///
  /// @return the port
  /// @throws IOException if the address cannot be bound
  public int listen(InetSocketAddress address) throws IOException {
    return listen(address, NioServerSocketChannel.class).getPort();
  }

  /// Listens on a Unix socket; a socket file that was left there is replaced.
  ///
  /// @throws IOException if the address cannot be bound
  public void listen(Path socket) throws IOException {
    Files.deleteIfExists(socket);
    listen(UnixDomainSocketAddress.of(socket), NioServerDomainSocketChannel.class);
  }

  private Server listen(SocketAddress address, Class<? extends ServerChannel> channel)
      throws IOException {
    var discovery = new V3DiscoveryServer(new SnapshotWatcher(cache, EVERYBODY));
    var server =
        NettyServerBuilder.forAddress(address)
            .channelType(channel)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .directExecutor()
            .intercept(new ConversationInterceptor(events))
            .addService(discovery.getAggregatedDiscoveryServiceImpl())
            .addService(discovery.getListenerDiscoveryServiceImpl())
            .addService(discovery.getClusterDiscoveryServiceImpl())
            .addService(discovery.getEndpointDiscoveryServiceImpl())
            .addService(discovery.getRouteDiscoveryServiceImpl())
            .addService(discovery.getSecretDiscoveryServiceImpl())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw Binding.failed(address, e);
    }
    servers.add(server);
    return server;
  }

  /// Serves these resources from now on, and no others. Proxies that are connected are told of what
  /// differs for them.
  ///
  /// @throws IllegalArgumentException if two resources of a type have the same name
  public void push(Collection<? extends Message> resources) {
    cache.setSnapshot(EVERYBODY, Snapshots.of(resources));
  }

  /// Ends all streams and stops listening.
  @Override
  public void close() {
    servers.forEach(Server::shutdownNow);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
