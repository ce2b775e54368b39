package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JvmStatsTest {

  @Test
  void theMachineIsSeenThroughGauges() {
    var stats = new Stats();
    try (var _ = new JvmStats(stats)) {
      var shown = new TreeMap<String, Long>();
      stats.forEach((name, stat) -> shown.put(name, ((Gauge) stat).value()));
      assertTrue(shown.getOrDefault("weir.jvm.threads.live", 0L) > 0, shown::toString);
      assertTrue(shown.getOrDefault("weir.jvm.classes.loaded", 0L) > 0, shown::toString);
      assertTrue(
          shown.keySet().stream().anyMatch(name -> name.startsWith("weir.jvm.memory.used.heap.")),
          shown::toString);
      assertTrue(shown.values().stream().allMatch(value -> value >= 0), shown::toString);
    }
    stats.forEach((name, _) -> assertEquals("", name));
  }

  @Test
  void prometheusIsShownOurOwnNames() throws IOException {
    var stats = new Stats();
    stats.scope("weir").gauge("jvm.threads.live").set(3);
    var out = new StringWriter();
    new StatsPage(stats).prometheus(StatsQuery.ALL, out);
    assertEquals("# TYPE weir_jvm_threads_live gauge\nweir_jvm_threads_live{} 3\n", out.toString());
  }

  @Test
  void theProcessTakesMemory() {
    var memory = new ProcessMemory();
    assertTrue(memory.allocated() > 0);
    assertTrue(memory.heap() > 0);
    assertTrue(memory.resident() > 0);
  }
}
