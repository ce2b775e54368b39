package dev.weir.listener;

import dev.weir.config.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// An upstream whose connections the test itself holds the other end of.
public final class Upstream implements AutoCloseable {
  private final ServerSocket server;

  private Upstream(ServerSocket server) {
    this.server = server;
  }

  /// Listens on a free port.
  public static Upstream listen() {
    try {
      var server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
      server.setSoTimeout(30_000);
      return new Upstream(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where nobody listens.
  public static Address deadAddress() {
    try (var gone = listen()) {
      return gone.address();
    }
  }

  /// Where it listens.
  public Address address() {
    return new Address.Socket("127.0.0.1", server.getLocalPort());
  }

  /// The next connection of the proxy's.
  public Socket accept() throws IOException {
    var socket = server.accept();
    socket.setSoTimeout(30_000);
    return socket;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
