package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.StatsConfig;
import dev.weir.config.StatsConfig.StatsFilter;
import dev.weir.config.TextMatch;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsTest {
  private static final StatFamily FAMILY =
      StatFamily.counters("hits", "misses").andGauges("active").andHistograms("length_ms");

  private final Stats stats = new Stats();

  @Test
  void whatWasNeverCountedIsShownAsZeroAndUnused() {
    stats.scope("tcp.a", FAMILY).counter("hits").add(3);
    assertEquals("{tcp.a.active=0, tcp.a.hits=3 used, tcp.a.length_ms=0, tcp.a.misses=0}", shown());
  }

  @Test
  void aNameOutsideTheFamilyIsShownOnceItIsAskedFor() {
    stats.scope("a").text("word").set("w");
    stats.scope("a").gauge("level", () -> 7);
    assertEquals("{a.level=7 used, a.word=w used}", shown());
  }

  @Test
  void scopesOfOnePrefixShareTheirStatistics() {
    var first = stats.scope("tcp.a", FAMILY);
    var second = stats.scope("tcp.a", FAMILY);
    assertSame(first.counter("hits"), second.counter("hits"));
  }

  @Test
  void statisticsGoWithTheLastOfTheirScopes() {
    var old = stats.scope("cluster.a", FAMILY);
    old.counter("hits").increment();
    var next = stats.scope("cluster.a", FAMILY);
    old.close();
    old.close();
    assertEquals(1, next.counter("hits").value());
    next.close();
    assertEquals("{}", shown());
    assertEquals(0, stats.scope("cluster.a").counter("hits").value());
  }

  @Test
  void aFamilyGoesWithItsScope() {
    var plain = stats.scope("cluster.a", StatFamily.counters("hits"));
    stats.scope("cluster.a", StatFamily.counters("update_success")).close();
    assertEquals("{cluster.a.hits=0}", shown());
    plain.close();
  }

  @Test
  void aScopeBelowAnotherLivesOnItsOwn() {
    try (var parent = stats.scope("cluster.a");
        var child = parent.scope("health_check", StatFamily.counters("attempt"))) {
      assertEquals("cluster.a.health_check", child.prefix());
      assertEquals("{cluster.a.health_check.attempt=0}", shown());
    }
    assertEquals("{}", shown());
  }

  @ParameterizedTest
  @CsvSource({
    "listener.127.0.0.1:80, listener.127.0.0.1_80",
    "listener.[::1]:80, listener.[__1]_80",
    "cluster.http://a/b, cluster.http_a/b",
    "tcp.a., tcp.a",
    "tcp..a, tcp..a",
    "cluster.out|90||x y.z, cluster.out|90||x y.z"
  })
  void aPrefixIsSpelledAsEnvoySpellsIt(String prefix, String spelled) {
    assertEquals(spelled, stats.scope(prefix).prefix());
  }

  @Test
  void whatIsExcludedIsNeitherCountedNorShown() {
    var rules =
        List.<TextMatch>of(new TextMatch.Suffix("misses", false), new TextMatch.Prefix("x", false));
    var some = new Stats(config(new StatsFilter(rules, false)));
    var scope = some.scope("tcp.a", FAMILY);
    scope.counter("misses").increment();
    scope.counter("hits").increment();
    some.scope("x").histogram("h").record(1);
    some.scope("x").gauge("g").set(1);
    some.scope("x").text("t").set("t");
    some.flush();
    assertEquals(0, scope.counter("misses").value());
    assertEquals("{tcp.a.active=0, tcp.a.hits=1 used, tcp.a.length_ms=0}", shown(some));
  }

  @Test
  void onlyWhatIsIncludedIsShown() {
    var rules = List.<TextMatch>of(new TextMatch.Prefix("server.", false));
    var some = new Stats(config(new StatsFilter(rules, true)));
    some.scope("server").counter("a").increment();
    some.scope("cluster.a").counter("b").increment();
    assertEquals("{server.a=1 used}", shown(some));
    assertEquals("{}", shown(new Stats(config(StatsFilter.NONE))));
  }

  @Test
  void aGaugeThatWasSetToZeroIsUsed() {
    stats.scope("server").gauge("state").set(0);
    assertEquals("{server.state=0 used}", shown());
  }

  @Test
  void aResetCounterStaysUsed() {
    var counter = stats.scope("a").counter("c");
    counter.add(5);
    stats.resetCounters();
    assertEquals("{a.c=0 used}", shown());
  }

  @Test
  void aNameHasOneKind() {
    var scope = stats.scope("a");
    scope.counter("c");
    assertThrows(IllegalStateException.class, () -> scope.gauge("c"));
  }

  @Test
  void manyThreadsCountTogether() throws Exception {
    int threads = 4;
    int each = 10_000;
    var done = new CountDownLatch(threads);
    var scope = stats.scope("a");
    for (int t = 0; t < threads; t++) {
      Thread.ofPlatform()
          .start(() -> {
            for (int i = 0; i < each; i++) {
              scope.counter("c").increment();
              scope.gauge("g").add(2);
              scope.histogram("h").record(i);
            }
            done.countDown();
          });
    }
    done.await();
    stats.flush();
    assertEquals(40_000, scope.counter("c").value());
    assertEquals(80_000, scope.gauge("g").value());
    assertEquals(40_000, scope.histogram("h").cumulative().count());
  }

  @Test
  void aHistogramShowsTheLastIntervalAndAllOfThem() {
    var histogram = stats.scope("a").histogram("h");
    histogram.record(-1);
    histogram.record(10);
    assertTrue(!histogram.used());
    stats.flush();
    histogram.record(100_000);
    stats.flush();
    assertEquals(1, histogram.interval().count());
    assertEquals(3, histogram.cumulative().count());
    assertEquals(100_000, histogram.interval().sum(), 5_000);
    assertEquals(0, histogram.cumulative().quantile(0));
    assertEquals(10, histogram.cumulative().quantile(50));
    stats.flush();
    assertTrue(histogram.interval().isEmpty());
    histogram.record(7); // once it has let go of what it counted with
    stats.flush();
    assertEquals(1, histogram.interval().count());
    assertEquals(4, histogram.cumulative().count());
    stats.flush();
    assertTrue(Double.isNaN(histogram.interval().quantile(50)));
    assertEquals(4, histogram.cumulative().count());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1",
    "1, 1, 1",
    "99, 99, 1",
    "100, 100, 10",
    "109, 100, 10",
    "110, 110, 10",
    "999, 990, 10",
    "1000, 1000, 100",
    "12345, 12000, 1000",
    "3600000, 3600000, 100000",
    "9223372036854775807, 9200000000000000000, 100000000000000000"
  })
  void aValueLiesInTheBucketOfItsFirstTwoDigits(long value, long low, long width) {
    var counts = new ValueCounts();
    counts.add(value);
    assertEquals(List.of(new Distribution.Bucket(low, width, 1)), counts.take());
    assertEquals(List.of(), counts.take());
  }

  @Test
  void aQuantileLiesWithinItsBucket() {
    var values = new Distribution(List.of(new Distribution.Bucket(1000, 100, 4)));
    assertEquals(1000, values.quantile(0));
    assertEquals(1049.5, values.quantile(50));
    assertEquals(1099, values.quantile(100));
    assertEquals(4198, values.sum());
  }

  private String shown() {
    return shown(stats);
  }

  private static String shown(Stats stats) {
    var shown = new TreeMap<String, String>();
    stats.forEach((name, stat) -> shown.put(name, value(stat) + (stat.used() ? " used" : "")));
    return shown.toString();
  }

  private static String value(Stat stat) {
    return switch (stat) {
      case Counter counter -> Long.toString(counter.value());
      case Gauge gauge -> Long.toString(gauge.value());
      case Histogram histogram -> Long.toString(histogram.cumulative().count());
      case TextReadout text -> text.value();
    };
  }

  private static StatsConfig config(StatsFilter kept) {
    return new StatsConfig(kept, true, List.of(), List.of());
  }
}
