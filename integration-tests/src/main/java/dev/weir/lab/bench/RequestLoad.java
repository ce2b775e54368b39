package dev.weir.lab.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Sends a message on each of its connections and waits for it to come back, again and again; one
/// thread.
final class RequestLoad implements AutoCloseable {
  private final Selector selector = Selector.open();
  private final List<SocketChannel> channels = new ArrayList<>();
  private final ByteBuffer message;
  private final ByteBuffer answer;
  private final Latencies latencies = new Latencies();

  /// Opens the connections.
  ///
  /// @param bytes of a message
  RequestLoad(int port, int connections, int bytes) throws IOException {
    message = ByteBuffer.allocateDirect(bytes);
    answer = ByteBuffer.allocateDirect(bytes);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < connections; i++) {
      var channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Exchange());
      channels.add(channel);
    }
  }

  /// What one connection is at.
  private static final class Exchange {
    long sentAt;
    int received;
  }

  /// Runs the load; once for each object.
  Latencies run(Load load) throws IOException {
    long begin = load.begin();
    long end = begin + load.millis() * 1_000_000;
    return run(begin, () -> System.nanoTime() < end);
  }

  /// Runs the load for as long as something else goes on; once for each object.
  Latencies runWhile(BooleanSupplier going) throws IOException {
    return run(System.nanoTime(), going);
  }

  private Latencies run(long begin, BooleanSupplier going) throws IOException {
    for (var key : selector.keys()) {
      send(key);
    }
    while (going.getAsBoolean()) {
      selector.select(100);
      for (var key : selector.selectedKeys()) {
        receive(key, begin);
      }
      selector.selectedKeys().clear();
    }
    return latencies.sorted();
  }

  private void send(SelectionKey key) throws IOException {
    var exchange = (Exchange) key.attachment();
    exchange.received = 0;
    exchange.sentAt = System.nanoTime();
    message.clear();
    var channel = (SocketChannel) key.channel();
    while (message.hasRemaining()) { // it fits into the socket's buffer
      channel.write(message);
    }
  }

  private void receive(SelectionKey key, long begin) throws IOException {
    var exchange = (Exchange) key.attachment();
    answer.clear();
    int read = ((SocketChannel) key.channel()).read(answer);
    if (read < 0) {
      throw new EOFException("the proxy has closed a connection");
    }
    exchange.received += read;
    if (exchange.received >= message.capacity()) {
      long now = System.nanoTime();
      if (exchange.sentAt >= begin) {
        latencies.add(now - exchange.sentAt);
      }
      send(key);
    }
  }

  @Override
  public void close() throws IOException {
    for (var channel : channels) {
      channel.close();
    }
    selector.close();
  }
}
