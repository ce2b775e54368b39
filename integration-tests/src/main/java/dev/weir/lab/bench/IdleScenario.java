package dev.weir.lab.bench;

import dev.weir.lab.bench.Course.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Connections that have moved a byte and move nothing more, and one that is busy beside them.
///
/// @param wanted how many; fewer where this user may not open as many files
record IdleScenario(int wanted, Load load) implements Scenario {
  private static final long SETTLE_MILLIS = 3_000;

  /// Client addresses share the load, since an address has some 28,000 ports to connect from.
  private static final int PER_ADDRESS = 10_000;

  @Override
  public String title() {
    return "idle";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.lower("memory", "bytes/connection", 0.4),
        Metric.plain("connections", ""),
        Metric.plain("memory before", "MiB"),
        Metric.plain("busy p99 before", "µs"),
        Metric.plain("busy p99 with them", "µs"),
        Metric.plain("longest pause at full load", "ms"));
  }

  @Override
  public boolean fits(Contender contender) {
    return contender != Contender.DIRECT;
  }

  /// How many a proxy, and this process, can hold with two descriptors each.
  private int possible() throws IOException {
    return (int) Math.min(wanted, (Descriptors.limit() - 2_000) / 2);
  }

  @Override
  public double[] measure(Contender contender, Field field) throws IOException {
    int connections = possible();
    try (var echo = EchoServer.start()) {
      var course = new Course(Kind.PLAIN, Field.freePort(), echo.port(), 0);
      try (var proxy = field.start(contender, course)) {
        double quiet = busy(proxy);
        RunningContender.pause(SETTLE_MILLIS);
        long before = proxy.usage().residentBytes();
        var idle = new ArrayList<SocketChannel>(connections);
        try {
          open(idle, connections, proxy.port());
          RunningContender.pause(SETTLE_MILLIS);
          long more = proxy.usage().residentBytes() - before;
          double busy = busy(proxy);
          long mark = proxy.pauses().mark();
          flatOut(proxy);
          return new double[] {
            (double) more / connections,
            connections,
            before / 1048576.0,
            quiet,
            busy,
            proxy.pauses().longestMillisSince(mark)
          };
        } finally {
          for (var channel : idle) {
            channel.close();
          }
        }
      }
    }
  }

  private double busy(RunningContender proxy) throws IOException {
    try (var requests = new RequestLoad(proxy.port(), 1, 64)) {
      return requests.run(load).micros(0.99);
    }
  }

  private void flatOut(RunningContender proxy) throws IOException {
    try (var requests = new RequestLoad(proxy.port(), 64, 64)) {
      requests.run(load);
    }
    new ConnectLoad(proxy.port()).run(32, load);
  }

  private static void open(List<SocketChannel> idle, int connections, int port) throws IOException {
    var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var one = ByteBuffer.allocateDirect(1);
    for (int i = 0; i < connections; i++) {
      var channel = SocketChannel.open();
      idle.add(channel);
      channel.bind(new InetSocketAddress("127.0.0." + (2 + i / PER_ADDRESS), 0));
      channel.connect(to);
      channel.write(one.clear());
      if (channel.read(one.clear()) != 1) {
        throw new IOException("connection " + i + " was closed");
      }
    }
  }
}
