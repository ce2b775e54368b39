package dev.weir.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
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

  /// The one that a channel is of.
  static Transport of(Channel channel) {
    return channel instanceof UnixChannel ? EPOLL : NIO;
  }

  IoHandlerFactory ioHandlers() {
    return switch (this) {
      case EPOLL -> new LastingEpoll.Factory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  /// A channel that can connect to this address, of no event loop yet.
  Channel newChannel(SocketAddress remote) {
    return remote instanceof InetSocketAddress ip
        ? newTcpChannel(
            ip.getAddress() instanceof Inet6Address
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET)
        : newUnixChannel();
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

  /// An address of [Sockets#address] as this transport's channels want it.
  SocketAddress nativeAddress(SocketAddress address) {
    return this == NIO && address instanceof DomainSocketAddress unix
        ? UnixDomainSocketAddress.of(unix.path())
        : address;
  }
}
