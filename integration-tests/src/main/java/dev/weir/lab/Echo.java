package dev.weir.lab;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP server that gives every line back with its own name in front: `hello` becomes `one hello`.
/// It stands in for the service behind a gateway. Each connection has a virtual thread.
public final class Echo implements AutoCloseable {

  private final byte[] prefix;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private Echo(String name, ServerSocket server) {
    this.prefix = (name + " ").getBytes(StandardCharsets.UTF_8);
    this.server = server;
  }

  /// Starts to listen; port 0 takes any free one.
  ///
  /// @throws IOException if the address cannot be bound
  public static Echo start(String name, InetSocketAddress address) throws IOException {
    var server = new ServerSocket();
    try {
      server.bind(address);
    } catch (IOException e) {
      server.close();
      throw Binding.failed(address, e);
    }
    var echo = new Echo(name, server);
    Thread.ofVirtual().name("echo-" + name).start(echo::accept);
    return echo;
  }

  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        open.add(socket);
        if (server.isClosed()) { // while the socket was taken up, so nobody else would close it
          socket.close();
        }
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // Closed, or the client has gone before it was accepted.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      answerLines(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
    } catch (IOException _) {
      // The peer broke off; there is nobody left to tell.
    } finally {
      open.remove(socket);
    }
  }

  /// Line by line; what follows the last line end is answered when the peer has said all.
  private void answerLines(InputStream in, OutputStream out) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      line.write(next);
      if (next == '\n') {
        answer(line, out);
      }
    }
    if (line.size() > 0) {
      answer(line, out);
    }
  }

  private void answer(ByteArrayOutputStream line, OutputStream out) throws IOException {
    var answer = new ByteArrayOutputStream(prefix.length + line.size());
    answer.writeBytes(prefix);
    line.writeTo(answer);
    answer.writeTo(out);
    line.reset();
  }

  /// Stops listening and closes every connection.
  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
