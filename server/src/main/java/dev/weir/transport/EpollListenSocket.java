package dev.weir.transport;

import dev.weir.config.Address;
import dev.weir.config.ListenerConfig.ListenAddress;
import dev.weir.config.SocketConfig;
import dev.weir.config.SocketConfig.State;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// A listening socket made by system calls of its own, so that options can be set between them.
final class EpollListenSocket implements ListenSocket {
  private final Socket socket;
  private final Address address;
  private final SocketConfig options;
  private final int backlog;

  private EpollListenSocket(Socket socket, Address address, SocketConfig options, int backlog) {
    this.socket = socket;
    this.address = address;
    this.options = options;
    this.backlog = backlog;
  }

  static EpollListenSocket open(ListenAddress listen, boolean reusePort, int backlog)
      throws IOException {
    return switch (listen.address()) {
      case Address.Socket ip -> openTcp(ip, listen, reusePort, backlog);
      case Address.Pipe pipe -> openUnix(pipe, listen.socket(), backlog);
    };
  }

  private static EpollListenSocket openTcp(
      Address.Socket ip, ListenAddress listen, boolean reusePort, int backlog) throws IOException {
    var options = listen.socket();
    var address = Sockets.ip(ip.host(), ip.port());
    boolean ipv6 = address.getAddress() instanceof Inet6Address;
    Socket socket =
        listen.mptcp() ? new Socket(Mptcp.open(ipv6)) : LinuxSocket.newSocketStream(ipv6);
    try {
      socket.setReuseAddress(true);
      socket.setReusePort(reusePort);
      if (ipv6) {
        // Without `ipv4_compat`, which comes as an option below, IPv4 has to be asked for apart.
        socket.setIntOpt(RawOptions.IPPROTO_IPV6, RawOptions.IPV6_V6ONLY, 1);
      }
      RawOptions.keepalive(socket, options);
      bind(socket, address, options);
      return new EpollListenSocket(socket, bound(socket.localAddress(), ip), options, backlog);
    } catch (IOException e) {
      closeQuietly(socket);
      throw e;
    }
  }

  private static EpollListenSocket openUnix(Address.Pipe pipe, SocketConfig options, int backlog)
      throws IOException {
    var socket = Socket.newSocketDomain();
    try {
      bind(socket, new DomainSocketAddress(Sockets.unixPath(pipe.path())), options);
      if (pipe.mode() != 0 && !pipe.path().startsWith("@")) {
        Files.setPosixFilePermissions(Path.of(pipe.path()), Sockets.permissions(pipe.mode()));
      }
      return new EpollListenSocket(socket, pipe, options, backlog);
    } catch (IOException e) {
      closeQuietly(socket);
      throw e;
    }
  }

  private static void bind(Socket socket, java.net.SocketAddress address, SocketConfig options)
      throws IOException {
    RawOptions.apply(socket, options, State.PREBIND);
    socket.bind(address);
    RawOptions.apply(socket, options, State.BOUND);
  }

  @Override
  public void listen() throws IOException {
    socket.listen(backlog);
    RawOptions.apply(socket, options, State.LISTENING);
  }

  @Override
  public void steer(int first, int count) throws IOException {
    ReusePort.steer(socket, first, count);
  }

  @Override
  public void steerNoMore() throws IOException {
    ReusePort.release(socket);
  }

  private static Address bound(InetSocketAddress real, Address.Socket asked) {
    return new Address.Socket(asked.host(), real.getPort());
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public ServerChannel newChannel() {
    return switch (address) {
      case Address.Socket _ -> new EpollServerSocketChannel(socket.intValue());
      case Address.Pipe _ -> new EpollServerDomainSocketChannel(socket.intValue(), true);
    };
  }

  @Override
  public void close() {
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // The descriptor is gone in any case.
    }
  }
}
