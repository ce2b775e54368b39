package dev.weir.lab.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/// Moves as many bytes as will go, from clients to a server that drops them; a thread for each end.
final class BulkLoad implements AutoCloseable {
  private static final int CHUNK = 1 << 17;

  private final ServerSocket server;
  private final LongAdder received = new LongAdder();
  private final List<Socket> clients = new ArrayList<>();

  /// Starts the server at a free port.
  ///
  /// @param sockets for TLS or plain TCP
  BulkLoad(ServerSocketFactory sockets) throws IOException {
    server = sockets.createServerSocket(0, 128, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("sink").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.ofPlatform().daemon().name("sink").start(() -> drop(socket));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void drop(Socket socket) {
    var chunk = new byte[CHUNK];
    try (socket;
        var in = socket.getInputStream()) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        received.add(read);
      }
    } catch (IOException _) {
      // The run is over.
    }
  }

  /// Begins to send on so many streams.
  void send(SocketFactory sockets, int port, int streams) throws IOException {
    for (int i = 0; i < streams; i++) {
      var socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
      clients.add(socket);
      var out = socket.getOutputStream();
      Thread.ofPlatform().daemon().name("source").start(() -> fill(out));
    }
  }

  private static void fill(OutputStream out) {
    var chunk = new byte[CHUNK];
    try {
      while (true) {
        out.write(chunk);
      }
    } catch (IOException | UncheckedIOException _) {
      // The run is over.
    }
  }

  /// How many bytes have arrived by now.
  long received() {
    return received.sum();
  }

  @Override
  public void close() throws IOException {
    for (var client : clients) {
      client.close();
    }
    server.close();
  }
}
