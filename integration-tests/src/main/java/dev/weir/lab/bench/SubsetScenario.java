package dev.weir.lab.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// One endpoint among all of a subset cluster gets other metadata, and a listener that asks for
/// them finds it.
record SubsetScenario(int endpoints) implements Scenario {
  private static final long SETTLE_MILLIS = 2_000;
  private static final int CHANGES = 5;

  @Override
  public String title() {
    return "subset-" + endpoints + "-endpoints";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.lower("one endpoint changed", "ms", 0.2));
  }

  @Override
  public boolean fits(Contender contender) {
    return contender.speaksEnvoy();
  }

  @Override
  public double[] measure(Contender contender, Field field) throws IOException {
    try (var a = NameServer.start('A');
        var echo = EchoServer.start();
        var plane = GoPlane.start(field.work(), "-subset=" + endpoints, "-a=" + a.port())) {
      var setup = DynamicSetup.of(plane.port(), echo.port(), List.of(DynamicSetup.SUBSET));
      try (var _ = setup.start(contender, field)) {
        var probe = new Probe(setup.probes());
        var times = new ArrayList<Double>();
        for (int i = 0; i < CHANGES; i++) {
          RunningContender.pause(SETTLE_MILLIS);
          times.add(probe.await("A"::equals, plane.order("mark")));
          probe.await("-"::equals, plane.order("unmark"));
        }
        Collections.sort(times);
        return new double[] {times.get(CHANGES / 2)};
      }
    }
  }
}
