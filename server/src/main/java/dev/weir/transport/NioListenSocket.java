package dev.weir.transport;

import dev.weir.config.Address;
import dev.weir.config.ListenerConfig.ListenAddress;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A listening socket of the JDK's, for systems without epoll. Raw options are beyond it.
final class NioListenSocket implements ListenSocket {
  private final ServerSocketChannel socket;
  private final Address address;

  private NioListenSocket(ServerSocketChannel socket, Address address) {
    this.socket = socket;
    this.address = address;
  }

  static NioListenSocket open(ListenAddress listen, int backlog) throws IOException {
    return switch (listen.address()) {
      case Address.Socket(var host, var port) -> openTcp(host, port, backlog);
      case Address.Pipe pipe -> openUnix(pipe, backlog);
    };
  }

  private static NioListenSocket openTcp(String host, int port, int backlog) throws IOException {
    var socket = ServerSocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.bind(Sockets.ip(host, port), backlog);
      int real = ((InetSocketAddress) socket.getLocalAddress()).getPort();
      return new NioListenSocket(socket, new Address.Socket(host, real));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static NioListenSocket openUnix(Address.Pipe pipe, int backlog) throws IOException {
    var path = Path.of(pipe.path());
    var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      Files.deleteIfExists(path);
      socket.bind(UnixDomainSocketAddress.of(path), backlog);
      if (pipe.mode() != 0) {
        Files.setPosixFilePermissions(path, Sockets.permissions(pipe.mode()));
      }
      return new NioListenSocket(socket, pipe);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void listen() {}

  @Override
  public Address address() {
    return address;
  }

  @Override
  public void steer(int first, int count) throws IOException {
    throw new IOException("sockets of the JDK do not share addresses");
  }

  @Override
  public void steerNoMore() throws IOException {
    throw new IOException("sockets of the JDK do not share addresses");
  }

  @Override
  public ServerChannel newChannel() {
    return switch (address) {
      case Address.Socket _ -> new NioServerSocketChannel(socket);
      case Address.Pipe _ -> new NioServerDomainSocketChannel(socket);
    };
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // The descriptor is gone in any case.
    }
  }
}
