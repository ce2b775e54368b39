package dev.weir.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// A server whose connections the test handles itself, one by one.
final class Backend implements AutoCloseable {

  private final ServerSocket server;

  private Backend(ServerSocket server) {
    this.server = server;
  }

  static Backend start() throws IOException {
    return start(InetAddress.getLoopbackAddress());
  }

  /// One that listens on every address of the machine.
  static Backend everywhere() throws IOException {
    return start(InetAddress.ofLiteral("0.0.0.0"));
  }

  private static Backend start(InetAddress address) throws IOException {
    var server = new ServerSocket(0, 50, address);
    server.setSoTimeout((int) Await.DEADLINE.toMillis());
    return new Backend(server);
  }

  int port() {
    return server.getLocalPort();
  }

  /// Waits for the next connection.
  Peer accept() throws IOException {
    return new Peer(server.accept());
  }

  /// Refuses connections from now on; open ones stay.
  @Override
  public void close() throws IOException {
    server.close();
  }
}
