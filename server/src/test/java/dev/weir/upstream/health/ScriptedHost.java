package dev.weir.upstream.health;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A host that does with each connection what it was told, and notes what it got.
final class ScriptedHost implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final BlockingQueue<String> got = new LinkedBlockingQueue<>();

  /// What to do with a connection.
  interface Script {
    void run(Socket socket) throws IOException;
  }

  /// @param scripts for one connection after the other; the last one for all that follow
  ScriptedHost(Script... scripts) throws IOException {
    Thread.startVirtualThread(() -> {
      try {
        for (int i = 0; ; i++) {
          var socket = server.accept();
          var script = scripts[Math.min(i, scripts.length - 1)];
          Thread.startVirtualThread(() -> run(script, socket));
        }
      } catch (IOException _) {
        // closed
      }
    });
  }

  private static void run(Script script, Socket socket) {
    try (socket) {
      script.run(socket);
    } catch (SocketException _) {
      // closed by the other side
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Answers whatever comes, each time with the next of these; `""` says nothing.
  Script answers(String... answers) {
    return socket -> {
      var buffer = new byte[4096];
      for (int i = 0; ; i++) {
        int length = socket.getInputStream().read(buffer);
        if (length < 0) {
          got.add("EOF");
          return;
        }
        got.add(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
        var answer = answers[Math.min(i, answers.length - 1)];
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      }
    };
  }

  int port() {
    return server.getLocalPort();
  }

  /// What came next: what one read gave, or `EOF`.
  String got() throws InterruptedException {
    var next = got.poll(30, TimeUnit.SECONDS);
    assertNotNull(next, "nothing came");
    return next;
  }

  /// What has come, as far as it was not looked at.
  List<String> rest() {
    return List.copyOf(got);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
