package dev.weir.lab.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// Clusters by the thousand over delta ADS, with traffic beside the pushes.
///
/// A change counts as in force once connections through three listeners, whose clusters lie at both
/// ends and in the middle of the list, reach the server that the change names. One cluster, and one
/// endpoint among its four, are changed several times; the median counts, from the order until a
/// new connection reaches what has changed. Memory is what the process has after the first load
/// beyond what it has without clusters.
record PushScenario(int clusters, Load load) implements Scenario {
  private static final long SETTLE_MILLIS = 3_000;
  private static final long REST_MILLIS = 300;
  private static final int CHANGES = 7;
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
        Metric.plain("memory in all", "MiB"),
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
        var echo = EchoServer.start()) {
      long without = without(contender, field, echo.port());
      try (var plane =
          GoPlane.start(
              field.work(), "-clusters=" + clusters, "-a=" + a.port(), "-b=" + b.port())) {
        var setup = DynamicSetup.of(plane.port(), echo.port(), probed());
        long start = System.nanoTime();
        try (var proxy = setup.start(contender, field)) {
          return measure(new Pushed(proxy, setup, plane), start, without);
        }
      }
    }
  }

  /// The memory of the contender when the control plane has no clusters for it.
  private long without(Contender contender, Field field, int echo) throws IOException {
    try (var plane = GoPlane.start(field.work());
        var proxy = DynamicSetup.of(plane.port(), echo, probed()).start(contender, field)) {
      RunningContender.pause(SETTLE_MILLIS);
      return proxy.usage().residentBytes();
    }
  }

  /// A contender with its control plane.
  private record Pushed(RunningContender proxy, DynamicSetup setup, GoPlane plane) {}

  private List<String> probed() {
    return List.of(name(0), name(clusters / 2), name(clusters - 1));
  }

  private static String name(int index) {
    return "c%05d".formatted(index);
  }

  private double[] measure(Pushed pushed, long start, long without) throws IOException {
    var setup = pushed.setup;
    var probe = new Probe(setup.probes());
    double first = probe.await(AT_A, start);
    RunningContender.pause(SETTLE_MILLIS);
    long resident = pushed.proxy.usage().residentBytes();
    double quiet = setup.traffic(BUSY_CONNECTIONS, load).micros(0.99);
    var during = setup.trafficBeside(BUSY_CONNECTIONS);
    double all = probe.await(AT_B, pushed.plane.order("all"));
    double busy = during.end().micros(0.99);
    RunningContender.pause(SETTLE_MILLIS);
    var middle = new Probe(List.of(setup.probes().get(1)));
    double one = oneChanged(middle, pushed.plane);
    double endpoint = endpointChanged(middle, pushed.plane);
    double perCluster = (double) (resident - without) / clusters;
    double total = resident / 1048576.0;
    return new double[] {first, all, one, endpoint, perCluster, total, quiet, busy};
  }

  /// The middle cluster goes to and fro; every server has it all at first, so this begins at B.
  private static double oneChanged(Probe middle, GoPlane plane) throws IOException {
    var times = new double[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
      times[i] = middle.await(i % 2 == 0 ? "A"::equals : "B"::equals, plane.order("one"));
      RunningContender.pause(REST_MILLIS);
    }
    return median(times);
  }

  /// One of the middle cluster's endpoints, which are all at A by now, goes to B and back.
  private static double endpointChanged(Probe middle, GoPlane plane) throws IOException {
    var times = new double[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
      times[i] = middle.await("B"::equals, plane.order("endpoint"));
      plane.order("restore");
      RunningContender.pause(REST_MILLIS);
      middle.awaitOnly("A");
    }
    return median(times);
  }

  private static double median(double[] times) {
    Arrays.sort(times);
    return times[times.length / 2];
  }
}
