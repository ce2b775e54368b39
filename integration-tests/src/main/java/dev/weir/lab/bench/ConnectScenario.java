package dev.weir.lab.bench;

import dev.weir.lab.bench.Course.Kind;
import java.io.IOException;
import java.util.List;

/// Connections that carry a byte each way and end.
record ConnectScenario(Kind kind, int parallel, Load load) implements Scenario {

  @Override
  public String title() {
    return kind == Kind.TUNNEL ? "connect-tunnel" : "connect";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.higher("connections", "1/s", kind == Kind.TUNNEL ? 1.0 : 1.2),
        Metric.plain("proxy CPU", "µs/connection"));
  }

  @Override
  public boolean fits(Contender contender) {
    return new Course(kind, 0, 0, 0).fits(contender);
  }

  @Override
  public double[] measure(Contender contender, Field field) throws IOException {
    try (var echo = EchoServer.start()) {
      var course = new Course(kind, Field.freePort(), echo.port(), Field.freePort());
      try (var proxy = field.start(contender, course)) {
        var connects = new ConnectLoad(proxy.port());
        connects.run(parallel, new Load(0, load.with(contender).warmUpMillis()));
        long cpu = proxy.usage().cpuNanos();
        double rate = new ConnectLoad(proxy.port()).run(parallel, new Load(0, load.millis()));
        double micros = (proxy.usage().cpuNanos() - cpu) / 1e3 / (rate * load.seconds());
        return new double[] {rate, contender == Contender.DIRECT ? Double.NaN : micros};
      }
    }
  }
}
