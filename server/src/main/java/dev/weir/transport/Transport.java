package dev.weir.transport;

import dev.weir.config.Address;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.spi.SelectorProvider;

/// How bytes reach the kernel. Immutable; any thread.
public enum Transport {
  /// Linux epoll, which knows every socket option.
  EPOLL,
  /// The JDK's selectors, for systems without epoll: no raw socket options, one socket for each
  /// listener.
  NIO;

  /// The best one that works here.
  public static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  IoHandlerFactory ioHandlers() {
    return switch (this) {
      case EPOLL -> EpollIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  /// A channel that can connect to this address; it belongs to no event loop yet.
  public Channel newChannel(SocketAddress remote) {
    return switch (remote) {
      case InetSocketAddress ip -> newTcpChannel(family(ip));
      default -> newUnixChannel();
    };
  }

  private Channel newTcpChannel(SocketProtocolFamily family) {
    return switch (this) {
      case EPOLL -> new EpollSocketChannel(family);
      case NIO -> new NioSocketChannel(SelectorProvider.provider(), family);
    };
  }

  private Channel newUnixChannel() {
    return switch (this) {
      case EPOLL -> new EpollDomainSocketChannel();
      case NIO -> new NioDomainSocketChannel();
    };
  }

  private static SocketProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address
        ? SocketProtocolFamily.INET6
        : SocketProtocolFamily.INET;
  }

  /// The address as this transport's channels want it.
  ///
  /// @throws IllegalArgumentException if the host is no IP literal
  public SocketAddress socketAddress(Address address) {
    return switch (address) {
      case Address.Socket(var host, var port) -> Sockets.ip(host, port);
      case Address.Pipe(var path, _) ->
          switch (this) {
            case EPOLL -> new DomainSocketAddress(Sockets.unixPath(path));
            case NIO -> java.net.UnixDomainSocketAddress.of(path);
          };
    };
  }
}
