package dev.weir.lab.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Says its name, one letter, to everybody who connects to any loopback address, and hangs up.
final class NameServer implements AutoCloseable {
  private final ServerSocket server;
  private final char name;

  private NameServer(ServerSocket server, char name) {
    this.server = server;
    this.name = name;
  }

  static NameServer start(char name) throws IOException {
    var server = new ServerSocket();
    server.bind(new InetSocketAddress("0.0.0.0", 0));
    var named = new NameServer(server, name);
    Thread.ofPlatform().daemon().name("server-" + name).start(named::run);
    return named;
  }

  int port() {
    return server.getLocalPort();
  }

  private void run() {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        socket.getOutputStream().write(name);
      } catch (IOException _) {
        // Closed, or the peer has gone.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
