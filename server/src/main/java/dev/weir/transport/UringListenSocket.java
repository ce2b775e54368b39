package dev.weir.transport;

import dev.weir.config.Address;
import dev.weir.config.ListenerConfig.ListenAddress;
import dev.weir.config.SocketConfig.State;
import io.netty.channel.ChannelException;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.io.IOException;
import java.net.Inet6Address;

/// A listening socket of io_uring's, which binds and listens in one step. What is bound before that
/// is another socket, which never listens: it keeps the address, and goes when this one has it.
final class UringListenSocket implements ListenSocket {
  private final ListenAddress asked;
  private final boolean reusePort;
  private final int backlog;
  private final EpollListenSocket reserved;
  private final IoUringServerSocketChannel channel = new IoUringServerSocketChannel();
  private final Socket socket = new Socket(channel.fd().intValue());

  private UringListenSocket(
      ListenAddress asked, boolean reusePort, int backlog, EpollListenSocket reserved) {
    this.asked = asked;
    this.reusePort = reusePort;
    this.backlog = backlog;
    this.reserved = reserved;
  }

  /// @throws IOException if the operating system refuses, or it is asked for a socket that
  ///   io_uring's channels cannot listen on
  static UringListenSocket open(ListenAddress listen, boolean reusePort, int backlog)
      throws IOException {
    if (listen.address() instanceof Address.Pipe) {
      throw refusal("a Unix socket");
    }
    if (listen.mptcp()) {
      throw refusal("one of Multipath TCP");
    }
    var reserved = EpollListenSocket.open(listen, reusePort, backlog);
    try {
      return new UringListenSocket(listen, reusePort, backlog, reserved);
    } catch (ChannelException e) {
      reserved.close();
      throw new IOException(e.getMessage(), e);
    }
  }

  private static IOException refusal(String what) {
    return new IOException(
        "io_uring listens on plain TCP only, and this is "
            + what
            + " (-Ddev.weir.transport=epoll)");
  }

  @Override
  public void listen() throws IOException {
    var ip = (Address.Socket) address();
    var target = Sockets.ip(ip.host(), ip.port());
    var options = asked.socket();
    socket.setReuseAddress(true);
    socket.setReusePort(reusePort);
    if (target.getAddress() instanceof Inet6Address) {
      socket.setIntOpt(RawOptions.IPPROTO_IPV6, RawOptions.IPV6_V6ONLY, 1);
    }
    RawOptions.keepalive(socket, options);
    RawOptions.apply(socket, options, State.PREBIND);
    channel.config().setBacklog(backlog);
    bind(target);
    RawOptions.apply(socket, options, State.BOUND);
    RawOptions.apply(socket, options, State.LISTENING);
    reserved.close();
  }

  private void bind(java.net.InetSocketAddress target) throws IOException {
    try {
      channel.doBind(target);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Address address() {
    return reserved.address();
  }

  @Override
  public void steer(int first, int count) throws IOException {
    ReusePort.steer(socket, first, count);
  }

  @Override
  public void steerNoMore() throws IOException {
    ReusePort.release(socket);
  }

  @Override
  public ServerChannel newChannel() {
    return channel;
  }

  @Override
  public void close() {
    reserved.close();
    channel.unsafe().closeForcibly();
  }
}
