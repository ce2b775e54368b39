package dev.weir.lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/// Gives back what it gets, on one thread. The far end of every benchmark that asks and answers.
public final class EchoServer implements AutoCloseable {
  private static final int BACKLOG = 4_096;

  private final Selector selector;
  private final ServerSocketChannel server;
  private final Thread thread;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 17);
  private final Consumer<SelectionKey> ready = this::serve;

  private EchoServer(Selector selector, ServerSocketChannel server) {
    this.selector = selector;
    this.server = server;
    this.thread = Thread.ofPlatform().daemon().name("echo").unstarted(this::run);
  }

  /// Listens at a free port of 127.0.0.1.
  public static EchoServer start() throws IOException {
    var server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.configureBlocking(false);
    var selector = Selector.open();
    server.register(selector, SelectionKey.OP_ACCEPT);
    var echo = new EchoServer(selector, server);
    echo.thread.start();
    return echo;
  }

  /// Where it listens.
  public int port() {
    return server.socket().getLocalPort();
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        selector.select(ready);
      }
    } catch (ClosedSelectorException _) {
      // closed meanwhile
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept();
      } else {
        echo(key);
      }
    } catch (IOException | CancelledKeyException _) {
      close(key); // the peer has reset it, or it was closed meanwhile
    }
  }

  private void accept() throws IOException {
    for (var one = server.accept(); one != null; one = server.accept()) {
      one.configureBlocking(false);
      one.setOption(StandardSocketOptions.TCP_NODELAY, true);
      one.register(selector, SelectionKey.OP_READ);
    }
  }

  private void echo(SelectionKey key) throws IOException {
    var channel = (SocketChannel) key.channel();
    buffer.clear();
    if (channel.read(buffer) < 0) {
      close(key);
      return;
    }
    buffer.flip();
    while (buffer.hasRemaining()) { // an answer is small, or its reader quick
      channel.write(buffer);
    }
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException _) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() throws IOException {
    selector.keys().forEach(EchoServer::close);
    selector.close();
    server.close();
  }
}
