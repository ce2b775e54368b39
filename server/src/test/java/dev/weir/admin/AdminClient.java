package dev.weir.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Talks to an admin interface over a plain socket, so that nothing tidies up what is asked for.
final class AdminClient {
  private final int port;

  AdminClient(AdminServer server) {
    var address = server.address();
    port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /// An answer.
  ///
  /// @param head the status line and the headers
  record Answer(int status, String head, String body) {}

  Answer get(String target) throws IOException {
    return ask("GET", target);
  }

  Answer post(String target) throws IOException {
    return ask("POST", target);
  }

  Answer ask(String method, String target) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var request = method + " " + target + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      var all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = all.indexOf("\r\n\r\n");
      var head = all.substring(0, end);
      return new Answer(
          Integer.parseInt(head.substring(9, 12)), head, unchunked(all.substring(end + 4)));
    }
  }

  private static String unchunked(String chunks) {
    var body = new StringBuilder();
    int at = 0;
    while (at < chunks.length()) {
      int line = chunks.indexOf("\r\n", at);
      int size = Integer.parseInt(chunks.substring(at, line), 16);
      body.append(chunks, line + 2, line + 2 + size);
      at = line + 2 + size + 2;
    }
    return body.toString();
  }
}
