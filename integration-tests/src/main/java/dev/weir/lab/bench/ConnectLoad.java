package dev.weir.lab.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// Connects, sends one byte, waits for it to come back and resets the connection, so that no port
/// stays taken; so many at the same time; one thread.
final class ConnectLoad {
  private final InetSocketAddress address;
  private final ByteBuffer one = ByteBuffer.allocateDirect(1);
  private long done;
  private long failed;

  ConnectLoad(int port) {
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /// Runs the load.
  ///
  /// @return connections per second that did what they should
  /// @throws IOException if more than one in a hundred did not
  double run(int parallel, Load load) throws IOException {
    long begin = load.begin();
    long end = begin + load.millis() * 1_000_000;
    try (var selector = Selector.open()) {
      for (int i = 0; i < parallel; i++) {
        open(selector);
      }
      while (System.nanoTime() < end) {
        selector.select(1_000);
        for (var key : selector.selectedKeys()) {
          step(key, selector, begin);
        }
        selector.selectedKeys().clear();
      }
      for (var key : selector.keys()) {
        key.channel().close();
      }
    }
    if (failed > done / 100) {
      throw new IOException(failed + " connections failed, " + done + " went well");
    }
    return done / load.seconds();
  }

  private void open(Selector selector) throws IOException {
    var channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.register(selector, SelectionKey.OP_CONNECT);
    channel.connect(address);
  }

  private void step(SelectionKey key, Selector selector, long begin) throws IOException {
    var channel = (SocketChannel) key.channel();
    try {
      one.clear();
      if (key.isConnectable()) {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        channel.write(one);
        return;
      }
      if (channel.read(one) == 1) {
        done += System.nanoTime() > begin ? 1 : 0;
      } else {
        failed++;
      }
    } catch (IOException _) {
      failed++;
    }
    channel.close();
    open(selector);
  }
}
