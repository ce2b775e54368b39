package dev.weir.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A host that is asked whether it is well, and answers in its own way until the tests end.
final class CheckedHost {

  private final ServerSocket server;

  /// What to do with a connection.
  private interface Manner {
    void with(Socket socket) throws IOException;
  }

  private CheckedHost(Manner manner) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(() -> accept(manner));
  }

  private void accept(Manner manner) {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.startVirtualThread(() -> run(manner, socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private static void run(Manner manner, Socket socket) {
    try (socket) {
      manner.with(socket);
    } catch (IOException _) {
      // The proxy has closed first.
    }
  }

  /// Sends back what it gets.
  static CheckedHost echo() throws IOException {
    return new CheckedHost(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
  }

  /// Takes everything and says nothing.
  static CheckedHost silent() throws IOException {
    return new CheckedHost(socket -> socket.getInputStream().readAllBytes());
  }

  /// Closes once it is asked something.
  static CheckedHost closing() throws IOException {
    return new CheckedHost(socket -> socket.getInputStream().read());
  }

  /// Speaks HTTP, and answers by the path that is asked for.
  static CheckedHost http() throws IOException {
    return new CheckedHost(CheckedHost::answer);
  }

  private static void answer(Socket socket) throws IOException {
    var buffer = new byte[4096];
    for (int n = socket.getInputStream().read(buffer);
        n > 0;
        n = socket.getInputStream().read(buffer)) {
      var request = new String(buffer, 0, n, StandardCharsets.US_ASCII);
      if (!request.contains(" HTTP/1.1")) {
        return;
      }
      var path = request.split(" ", 3)[1];
      var head =
          switch (path) {
            case "/ok" -> "200 OK\r\n";
            case "/degraded" -> "200 OK\r\nx-envoy-degraded: true\r\n";
            case "/named" -> "200 OK\r\nx-envoy-upstream-healthchecked-cluster: users\r\n";
            case "/immediate" -> "503 No\r\nx-envoy-immediate-health-check-fail: true\r\n";
            default -> "404 No\r\n";
          };
      var answer = "HTTP/1.1 " + head + "content-length: 2\r\n\r\nok";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    }
  }

  int port() {
    return server.getLocalPort();
  }
}
