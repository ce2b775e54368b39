package dev.weir.lab.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/// Clusters by the thousand over delta ADS, with traffic beside the pushes.
///
/// A change counts as in force once connections through three listeners, whose clusters lie at both
/// ends and in the middle of the list, reach the server that the change names.
record PushScenario(int clusters, Load load) implements Scenario {
  private static final long SETTLE_MILLIS = 3_000;
  private static final int BUSY_CONNECTIONS = 8;
  private static final Predicate<String> AT_A = "AAA"::equals;
  private static final Predicate<String> AT_B = "BBB"::equals;

  @Override
  public String title() {
    return "push-" + clusters + "-clusters";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.lower("first load", "ms", 0.2),
        Metric.lower("all changed", "ms", 0.2),
        Metric.lower("one changed", "ms", 0.2),
        Metric.lower("one endpoint changed", "ms", 0.2),
        Metric.lower("memory", "bytes/cluster", 0.3),
        Metric.plain("traffic p99, quiet", "µs"),
        Metric.plain("traffic p99 while all change", "µs"));
  }

  @Override
  public boolean fits(Contender contender) {
    return contender.speaksEnvoy();
  }

  @Override
  public double[] measure(Contender contender, Field field) throws IOException {
    try (var a = NameServer.start('A');
        var b = NameServer.start('B');
        var echo = EchoServer.start();
        var plane =
            GoPlane.start(
                field.work(), "-clusters=" + clusters, "-a=" + a.port(), "-b=" + b.port())) {
      var setup = DynamicSetup.of(plane.port(), echo.port(), probed());
      long start = System.nanoTime();
      try (var proxy = setup.start(contender, field)) {
        return measure(proxy, setup, plane, start);
      }
    }
  }

  private List<String> probed() {
    return List.of(name(0), name(clusters / 2), name(clusters - 1));
  }

  private static String name(int index) {
    return "c%05d".formatted(index);
  }

  private double[] measure(RunningContender proxy, DynamicSetup setup, GoPlane plane, long start)
      throws IOException {
    var probe = new Probe(setup.probes());
    double first = probe.await(AT_A, start);
    RunningContender.pause(SETTLE_MILLIS);
    double perCluster = (double) proxy.usage().residentBytes() / clusters;
    double quiet = setup.traffic(BUSY_CONNECTIONS, load).micros(0.99);
    var during = setup.trafficBeside(BUSY_CONNECTIONS, load);
    double all = probe.await(AT_B, plane.order("all"));
    double busy = during.get().micros(0.99);
    RunningContender.pause(SETTLE_MILLIS);
    double one = probe.await("BAB"::equals, plane.order("one"));
    var middle = new Probe(List.of(setup.probes().get(1)));
    double endpoint = middle.await("B"::equals, plane.order("endpoint"));
    return new double[] {first, all, one, endpoint, perCluster, quiet, busy};
  }
}
