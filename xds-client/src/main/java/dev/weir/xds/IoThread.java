package dev.weir.xds;

import dev.weir.xds.ControlPlane.Address;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;

/// The one thread on which all conversations with control planes are read and written.
final class IoThread implements AutoCloseable {
  private final boolean epoll;
  private final EventLoopGroup group;

  IoThread() {
    this(Epoll.isAvailable());
  }

  /// @param epoll whether to use it; what Java has itself does not know abstract names
  IoThread(boolean epoll) {
    this.epoll = epoll;
    group =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("weir-xds", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /// A channel to an address. A host's name is looked up when the channel connects.
  NettyChannelBuilder builder(Address address) {
    return switch (address) {
      case Address.Host(var host, var port) -> tcp(host, port).eventLoopGroup(group);
      case Address.Pipe(var path) -> pipe(path).eventLoopGroup(group);
    };
  }

  private NettyChannelBuilder tcp(String host, int port) {
    var type = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    var builder =
        isLiteral(host)
            ? NettyChannelBuilder.forAddress(new InetSocketAddress(host, port))
            : NettyChannelBuilder.forTarget("dns:///" + host + ":" + port);
    return builder.channelType(type);
  }

  private static boolean isLiteral(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }

  /// An abstract name is one that begins with a zero byte, which is written `@`.
  private NettyChannelBuilder pipe(String path) {
    if (epoll) {
      var name = path.startsWith("@") ? "\0" + path.substring(1) : path;
      return NettyChannelBuilder.forAddress(new DomainSocketAddress(name))
          .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class);
    }
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(path))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
