package dev.weir.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A server on every address of the machine that speaks first, a line of welcome, and then gives
/// back whatever it gets. Each connection has a virtual thread.
final class Greeter implements AutoCloseable {
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private Greeter(ServerSocket server) {
    this.server = server;
  }

  static Greeter start() throws IOException {
    var server = new ServerSocket();
    server.bind(new InetSocketAddress("0.0.0.0", 0));
    var greeter = new Greeter(server);
    Thread.ofVirtual().start(greeter::accept);
    return greeter;
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        open.add(socket);
        if (server.isClosed()) { // meanwhile, so that nobody else would close it
          socket.close();
        }
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.getOutputStream().write("welcome\n".getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException _) {
      // The peer broke off.
    } finally {
      open.remove(socket);
    }
  }

  /// Stops listening and closes every connection.
  void stop() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
