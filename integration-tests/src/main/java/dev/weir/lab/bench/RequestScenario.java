package dev.weir.lab.bench;

import dev.weir.lab.bench.Course.Kind;
import java.io.IOException;
import java.util.List;

/// Questions and answers of the same size, one at a time on each connection.
///
/// @param bytes of a question, and of its answer
record RequestScenario(int connections, int bytes, Load load) implements Scenario {

  @Override
  public String title() {
    return "rr-" + bytes + "B-" + connections;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.higher("rate", "1/s", 1.1),
        Metric.lower("p50", "µs", 0.9),
        Metric.lower("p99", "µs", 1.0),
        Metric.lower("p99.9", "µs", Double.NaN));
  }

  @Override
  public boolean fits(Contender contender) {
    return true;
  }

  @Override
  public double[] measure(Contender contender, Field field) throws IOException {
    try (var echo = EchoServer.start()) {
      var course = new Course(Kind.PLAIN, Field.freePort(), echo.port(), 0);
      try (var proxy = field.start(contender, course);
          var requests = new RequestLoad(proxy.port(), connections, bytes)) {
        var took = requests.run(load.with(contender));
        return new double[] {
          took.count() / load.seconds(), took.micros(0.5), took.micros(0.99), took.micros(0.999)
        };
      }
    }
  }
}
