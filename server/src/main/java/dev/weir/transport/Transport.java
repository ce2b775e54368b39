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
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How bytes reach the kernel. Immutable; any thread.
public enum Transport {
  /// Linux epoll, which knows every socket option, and splices.
  EPOLL,
  /// Linux io_uring: fewer system calls for many small messages. It copies all bytes, and listens
  /// on plain TCP only.
  IO_URING,
  /// The JDK's selectors, for systems without epoll: no raw socket options, one socket for each
  /// listener.
  NIO;

  /// The one that the system property `dev.weir.transport` asks for (`epoll`, `io_uring` or `nio`);
  /// where it says nothing, epoll, or NIO where there is no epoll.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it does not work here; the
  ///   message is for people
  public static Transport best() {
    var asked = System.getProperty("dev.weir.transport");
    if (asked == null) {
      return EPOLL.obstacle() == null ? EPOLL : NIO;
    }
    for (var transport : values()) {
      if (transport.toString().equals(asked)) {
        return transport.orRefuse();
      }
    }
    throw new IllegalArgumentException(
        "dev.weir.transport is none of epoll, io_uring and nio: '" + asked + "'");
  }

  private Transport orRefuse() {
    var obstacle = obstacle();
    if (obstacle != null) {
      throw new IllegalArgumentException(
          "dev.weir.transport asks for " + this + ", which does not work here: " + obstacle);
    }
    return this;
  }

  /// Why it does not work here; null if it does.
  public @Nullable String obstacle() {
    return switch (this) {
      case EPOLL -> text(Epoll.unavailabilityCause());
      case IO_URING ->
          EPOLL.obstacle() == null ? text(Uring.unavailabilityCause()) : EPOLL.obstacle();
      case NIO -> null;
    };
  }

  private static @Nullable String text(@Nullable Throwable cause) {
    var root = cause;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root == null ? null : String.valueOf(root.getMessage());
  }

  /// Whether its channels send what is flushed in the next turn of their loop, not at once.
  public boolean sendsLater() {
    return this == IO_URING;
  }

  IoHandlerFactory ioHandlers() {
    return switch (this) {
      case EPOLL -> new LastingEpoll.Factory();
      case IO_URING -> Uring.ioHandlers();
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
      case IO_URING -> new IoUringSocketChannel();
      case NIO -> new NioSocketChannel(SelectorProvider.provider(), family);
    };
  }

  private Channel newUnixChannel() {
    return switch (this) {
      case EPOLL -> new EpollDomainSocketChannel();
      case IO_URING -> new IoUringDomainSocketChannel();
      case NIO -> new NioDomainSocketChannel();
    };
  }

  /// An address of [Sockets#address] as a channel wants it.
  static SocketAddress nativeAddress(Channel channel, SocketAddress address) {
    return address instanceof DomainSocketAddress unix && !(channel instanceof UnixChannel)
        ? UnixDomainSocketAddress.of(unix.path())
        : address;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
