package dev.weir.transport;

import dev.weir.config.Address;
import dev.weir.config.ListenerConfig.ListenAddress;
import io.netty.channel.ServerChannel;
import io.netty.util.NetUtil;
import java.io.IOException;

/// A socket that is bound, and listens when it is told to. Opened and closed on the main loop; a
/// worker accepts by the channel that is made of it.
public sealed interface ListenSocket extends AutoCloseable
    permits EpollListenSocket, UringListenSocket, NioListenSocket {

  /// Opens a socket, sets its options and binds it, in that order.
  ///
  /// @param reusePort lets other sockets that ask for it too listen on the same address
  /// @param backlog length of the accept queue; 0 takes the system's maximum
  /// @throws IOException if the operating system refuses; [Sockets#reason] tells why
  static ListenSocket open(
      Transport transport, ListenAddress address, boolean reusePort, int backlog)
      throws IOException {
    int queue = backlog == 0 ? NetUtil.SOMAXCONN : backlog;
    return switch (transport) {
      case EPOLL -> EpollListenSocket.open(address, reusePort, queue);
      case IO_URING -> UringListenSocket.open(address, reusePort, queue);
      case NIO -> NioListenSocket.open(address, queue);
    };
  }

  /// Lets the kernel queue connections from now on. A socket of the JDK or of io_uring does so
  /// since it is bound.
  ///
  /// @throws IOException if the operating system refuses
  void listen() throws IOException;

  /// Where it listens, with the port that the kernel chose if 0 was asked for.
  Address address();

  /// Leads new connections to some of the sockets that share the address of this one, which are
  /// counted in the order in which they began to listen. As long as this one is open.
  ///
  /// @param first the first that gets some; if there are not so many, any does
  /// @param count how many in a row do
  /// @throws IOException if the operating system has no way to
  void steer(int first, int count) throws IOException;

  /// Leads new connections to any of them.
  ///
  /// @throws IOException if the operating system has no way to
  void steerNoMore() throws IOException;

  /// The channel over this socket that listens, which closes it in the end. Once.
  ServerChannel newChannel();

  /// Closes a socket of which no channel was made.
  @Override
  void close();
}
