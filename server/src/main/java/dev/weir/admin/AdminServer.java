package dev.weir.admin;

import dev.weir.config.Address;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The HTTP server of the admin interface: one loop of its own for the sockets, and a virtual
/// thread for each request, so that neither a slow client nor a long answer holds up anything else.
public final class AdminServer implements AutoCloseable {
  private final EventLoopGroup loop;
  private final ExecutorService renderers;
  private final Channel channel;

  private AdminServer(EventLoopGroup loop, ExecutorService renderers, Channel channel) {
    this.loop = loop;
    this.renderers = renderers;
    this.channel = channel;
  }

  /// Listens.
  ///
  /// @throws IOException if the address cannot be bound; its message is for people to read
  static AdminServer start(Address address, PageIndex index, AdminStats stats, AdminLog log)
      throws IOException {
    var loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
    var renderers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 0).factory());
    var server =
        new ServerBootstrap()
            .group(loop)
            .channel(channelType(address))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    stats.connected(client);
                    var handler =
                        new AdminHandler(index, renderers, stats, log, log.connected(client));
                    client.pipeline().addLast(new HttpServerCodec(), handler);
                  }
                });
    var bound = server.bind(socketAddress(address)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      renderers.shutdownNow();
      throw new IOException("cannot bind '" + address + "': " + bound.cause().getMessage());
    }
    return new AdminServer(loop, renderers, bound.channel());
  }

  /// Where it listens, with the port that was chosen if it was to be any: `127.0.0.1:15000`.
  public String address() {
    return switch (channel.localAddress()) {
      case InetSocketAddress ip ->
          new Address.Socket(ip.getAddress().getHostAddress(), ip.getPort()).toString();
      case SocketAddress other -> other.toString();
    };
  }

  private static Class<? extends ServerChannel> channelType(Address address) {
    return switch (address) {
      case Address.Socket _ -> NioServerSocketChannel.class;
      case Address.Pipe _ -> NioServerDomainSocketChannel.class;
    };
  }

  private static SocketAddress socketAddress(Address address) {
    return switch (address) {
      case Address.Socket(var host, var port) -> new InetSocketAddress(host, port);
      case Address.Pipe(var path, _) -> UnixDomainSocketAddress.of(path);
    };
  }

  /// Closes all connections at once.
  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
    renderers.shutdownNow();
  }
}
