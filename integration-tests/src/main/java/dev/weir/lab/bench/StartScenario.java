package dev.weir.lab.bench;

import dev.weir.lab.bench.Course.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// From the start of the process to `/ready`, with a small static configuration.
record StartScenario() implements Scenario {
  private static final long SETTLE_MILLIS = 1_000;

  @Override
  public String title() {
    return "start";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.plain("to /ready", "ms"), Metric.plain("memory", "MiB"));
  }

  @Override
  public boolean fits(Contender contender) {
    return contender.speaksEnvoy();
  }

  @Override
  public double[] measure(Contender contender, Field field) throws IOException {
    int admin = Field.freePort();
    var course = new Course(Kind.PLAIN, Field.freePort(), 1, 0);
    var folder = field.folder(contender);
    var command = new ArrayList<>(field.program(contender));
    command.addAll(Field.envoyFlags(folder, Admin.at(admin) + EnvoySetup.of(course, field.work())));
    long start = System.nanoTime();
    try (var proxy = RunningContender.start(command, folder, admin)) {
      new Admin(admin).awaitReady();
      double millis = (System.nanoTime() - start) / 1e6;
      RunningContender.pause(SETTLE_MILLIS);
      return new double[] {millis, proxy.usage().residentBytes() / 1048576.0};
    }
  }
}
