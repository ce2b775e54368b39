package dev.weir.lab.bench;

import dev.weir.lab.bench.Course.Kind;
import java.io.IOException;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/// Streams that carry as much as they can, one way.
///
/// @param streams at the same time
record BulkScenario(Kind kind, int streams, Load load) implements Scenario {
  private static final double GIGA = 1e9;

  @Override
  public String title() {
    return switch (kind) {
      case PLAIN -> "bulk-" + streams;
      case TLS_DOWNSTREAM -> "bulk-tls-downstream-" + streams;
      case TLS_BOTH -> "bulk-tls-both-" + streams;
      case TUNNEL -> "bulk-tunnel-" + streams;
    };
  }

  @Override
  public List<Metric> metrics() {
    boolean plain = kind == Kind.PLAIN;
    double none = Double.NaN;
    return List.of(
        Metric.lower("proxy CPU", "ms/GB", plain ? 0.6 : kind == Kind.TUNNEL ? none : 1.0),
        Metric.higher("throughput", "Gbit/s", plain ? 1.1 : none));
  }

  @Override
  public boolean fits(Contender contender) {
    return new Course(kind, 0, 0, 0).fits(contender);
  }

  @Override
  public double[] measure(Contender contender, Field field) throws IOException {
    var tls = Certificate.make(field.work()).context();
    var servers =
        kind == Kind.TLS_BOTH ? tls.getServerSocketFactory() : ServerSocketFactory.getDefault();
    boolean toTls = kind == Kind.TLS_DOWNSTREAM || kind == Kind.TLS_BOTH;
    var clients = toTls ? tls.getSocketFactory() : SocketFactory.getDefault();
    try (var bulk = new BulkLoad(servers)) {
      var course = new Course(kind, Field.freePort(), bulk.port(), Field.freePort());
      try (var proxy = field.start(contender, course)) {
        bulk.send(clients, proxy.port(), streams);
        RunningContender.pause(load.with(contender).warmUpMillis());
        long cpu = proxy.usage().cpuNanos();
        long bytes = bulk.received();
        long start = System.nanoTime();
        RunningContender.pause(load.millis());
        double gigabytes = (bulk.received() - bytes) / GIGA;
        double seconds = (System.nanoTime() - start) / GIGA;
        double millis = (proxy.usage().cpuNanos() - cpu) / 1e6;
        return new double[] {
          contender == Contender.DIRECT ? Double.NaN : millis / gigabytes, 8 * gigabytes / seconds
        };
      }
    }
  }
}
