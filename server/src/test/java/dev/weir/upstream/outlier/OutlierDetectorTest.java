package dev.weir.upstream.outlier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.OutlierDetectionConfig;
import dev.weir.config.OutlierDetectionConfig.Consecutive;
import dev.weir.config.OutlierDetectionConfig.Ejection;
import dev.weir.config.OutlierDetectionConfig.FailurePercentage;
import dev.weir.config.OutlierDetectionConfig.SuccessRate;
import dev.weir.engine.ManualLoop;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.HealthFlag;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.TestHosts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutlierDetectorTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Ejection EJECTION =
      new Ejection(
          INTERVAL, Duration.ofSeconds(30), Duration.ofSeconds(70), Duration.ZERO, 50, false);
  private static final SuccessRate BY_RATE = new SuccessRate(5, 100, 1900, 100, 100);
  private static final FailurePercentage BY_PERCENTAGE = new FailurePercentage(85, 5, 50, 100, 100);

  private final ManualLoop main = new ManualLoop();
  private final Stats stats = new Stats();
  private final List<String> told = new ArrayList<>();
  private final List<Host> hosts = new ArrayList<>();

  private static OutlierDetectionConfig config(Ejection ejection, boolean split) {
    return config(ejection, split, BY_RATE, BY_PERCENTAGE);
  }

  private static OutlierDetectionConfig config(
      Ejection ejection, boolean split, SuccessRate rate, FailurePercentage percentage) {
    return new OutlierDetectionConfig(
        ejection,
        new Consecutive(5, 100),
        new Consecutive(3, 0),
        new Consecutive(2, 100),
        rate,
        percentage,
        split,
        true,
        true);
  }

  private OutlierDetector detector(OutlierDetectionConfig config, int count) {
    var detector =
        new OutlierDetector(
            new OutlierDetector.Setting(
                main, "c", config, stats.scope("o"), null, new SplittableRandom(1)));
    detector.listener(host ->
        told.add((host.has(HealthFlag.FAILED_OUTLIER_CHECK) ? "-" : "+") + hosts.indexOf(host)));
    for (int i = 0; i < count; i++) {
      var host = TestHosts.host("10.0.0." + (i + 1) + ":80").make();
      hosts.add(host);
      detector.add(host);
    }
    return detector;
  }

  /// What was counted, without what is zero.
  private Map<String, Long> counted() {
    var counted = new TreeMap<String, Long>();
    stats.forEach((name, stat) -> {
      long value =
          switch (stat) {
            case Counter counter -> counter.value();
            case Gauge gauge -> gauge.value();
            default -> 0;
          };
      if (value != 0 && name.startsWith("o.ejections_")) {
        counted.put(name.substring("o.ejections_".length()), value);
      }
    });
    return counted;
  }

  private void refuse(int host, int times) {
    for (int i = 0; i < times; i++) {
      hosts.get(host).monitor().connectFailed();
    }
    main.run();
  }

  private boolean isOut(int host) {
    return hosts.get(host).has(HealthFlag.FAILED_OUTLIER_CHECK);
  }

  @Test
  void refusedConnectionsCountAsGatewayFailuresAndAsServerErrors() {
    detector(config(EJECTION, false), 2);
    refuse(0, 4);
    assertFalse(isOut(0));
    refuse(0, 1);
    assertTrue(isOut(0));
    assertEquals(
        Map.of(
            "detected_consecutive_gateway_failure", 1L,
            "consecutive_5xx", 1L,
            "detected_consecutive_5xx", 1L,
            "enforced_consecutive_5xx", 1L,
            "enforced_total", 1L,
            "total", 1L,
            "active", 1L),
        counted());
    assertEquals(List.of("-0"), told);
  }

  @Test
  void aConnectionThatStandsBeginsTheCountAnew() {
    detector(config(EJECTION, false), 2);
    refuse(0, 4);
    hosts.get(0).monitor().connected();
    refuse(0, 4);
    assertFalse(isOut(0));
  }

  @Test
  void aServerErrorThatIsNoGatewayFailureEndsARowOfThose() {
    detector(config(EJECTION, false), 2);
    refuse(0, 2);
    hosts.get(0).monitor().answered(500);
    refuse(0, 1);
    assertEquals(Map.of(), counted());
  }

  @Test
  void connectionsAreJudgedApartWhereOriginsAreSplit() {
    detector(config(EJECTION, true), 2);
    refuse(0, 1);
    hosts.get(0).monitor().connectTimedOut();
    main.run();
    assertTrue(isOut(0));
    assertEquals(
        Map.of(
            "detected_consecutive_local_origin_failure", 1L,
            "enforced_consecutive_local_origin_failure", 1L,
            "enforced_total", 1L,
            "active", 1L),
        counted());
    for (int i = 0; i < 5; i++) {
      hosts.get(1).monitor().answered(503);
    }
    main.run();
    assertEquals(1, counted().get("detected_consecutive_5xx"));
  }

  @Test
  void noMoreHostsAreOutThanMayBe() {
    detector(config(EJECTION, false), 4);
    refuse(0, 5);
    refuse(1, 5);
    refuse(2, 5);
    assertEquals(List.of("-0", "-1"), told);
    assertEquals(2, counted().get("active"));
    assertTrue(counted().containsKey("overflow"));
  }

  @Test
  void oneHostMayAlwaysBeOut() {
    var always =
        new Ejection(
            INTERVAL, Duration.ofSeconds(30), Duration.ofSeconds(70), Duration.ZERO, 0, true);
    detector(config(always, false), 3);
    refuse(0, 5);
    refuse(1, 5);
    assertEquals(List.of("-0"), told);
  }

  @Test
  void anEjectionLastsLongerEachTimeAndShorterAfterQuietIntervals() {
    detector(config(EJECTION, false), 2);
    assertEquals(30, ejectedFor(), "the base time");
    assertEquals(60, ejectedFor(), "twice that");
    assertEquals(70, ejectedFor(), "but no longer than the longest");
    main.advance(INTERVAL.multipliedBy(2));
    assertEquals(60, ejectedFor(), "two intervals have been forgiven");
  }

  @Test
  void aHostThatCallsItselfDegradedIsSoForAsLongAsAnEjectionTakes() {
    detector(config(EJECTION, false), 2);
    assertEquals(30, degradedFor(), "the base time");
    assertEquals(60, degradedFor(), "twice that");
    assertEquals(Map.of("detected_degradation", 2L), counted());
    assertEquals(List.of("+0", "+0", "+0", "+0"), told);
  }

  private int degradedFor() {
    hosts.getFirst().monitor().degraded();
    hosts.getFirst().monitor().degraded();
    main.run();
    int seconds = 0;
    while (hosts.getFirst().health() == Health.DEGRADED) {
      main.advance(INTERVAL);
      seconds += 10;
    }
    return seconds;
  }

  /// Ejects the first host, and says after how many seconds it is back.
  private int ejectedFor() {
    refuse(0, 5);
    assertTrue(isOut(0));
    int seconds = 0;
    while (isOut(0)) {
      main.advance(INTERVAL);
      seconds += 10;
    }
    return seconds;
  }

  @Test
  void jitterMakesEjectionsLonger() {
    var jittered =
        new Ejection(
            INTERVAL,
            Duration.ofSeconds(30),
            Duration.ofSeconds(70),
            Duration.ofHours(1),
            50,
            false);
    detector(config(jittered, false), 2);
    assertTrue(ejectedFor() > 30);
  }

  @Test
  void aPassedCheckTakesAHostBack() {
    var detector = detector(config(EJECTION, false), 2);
    refuse(0, 5);
    detector.passedChecks(hosts.get(0));
    assertEquals(List.of("-0", "+0"), told);
    assertEquals(null, counted().get("active"));
    refuse(0, 4);
    assertFalse(isOut(0), "its failures are forgotten");
  }

  @Test
  void aRemovedHostIsForgotten() {
    var detector = detector(config(EJECTION, false), 2);
    refuse(0, 5);
    detector.remove(hosts.get(0));
    assertEquals(null, counted().get("active"));
    refuse(0, 50);
    assertEquals(1, counted().get("enforced_total"));
  }

  /// Answers of a host in one interval.
  private void answers(int host, int good, int bad) {
    for (int i = 0; i < good; i++) {
      hosts.get(host).monitor().answered(200);
    }
    for (int i = 0; i < bad; i++) {
      hosts.get(host).monitor().answered(500);
      if (i % 4 == 3) {
        hosts.get(host).monitor().answered(200); // not so many in a row
      }
    }
    main.run();
  }

  @Test
  void aHostFarBelowTheAverageIsOut() {
    var detector = detector(config(EJECTION, false), 5);
    for (int i = 0; i < 4; i++) {
      answers(i, 200, 0);
    }
    answers(4, 100, 80);
    main.advance(INTERVAL);
    assertEquals(List.of("-4"), told);
    assertEquals(1, counted().get("enforced_success_rate"));
    assertEquals(1, counted().get("detected_success_rate"));
    assertEquals(1, counted().get("success_rate"));
    // Rates of 100, 100, 100, 100 and 120 in 200: the mean is 92, the standard deviation 16.
    assertEquals(92, detector.rates().average(), 1e-9);
    assertEquals(92 - 1.9 * 16, detector.rates().threshold(), 1e-9);
    assertEquals(60, hosts.get(4).monitor().successRate(), 1e-9);
    assertEquals(-1, hosts.get(4).monitor().localOriginSuccessRate());
    main.advance(INTERVAL);
    assertEquals(-1, detector.rates().average(), "there were no answers since");
    assertEquals(-1, hosts.get(4).monitor().successRate());
  }

  @Test
  void tooFewHostsOrAnswersAreNotCompared() {
    detector(config(EJECTION, false), 5);
    for (int i = 0; i < 4; i++) {
      answers(i, 200, 0);
    }
    answers(4, 10, 30);
    main.advance(INTERVAL);
    assertEquals(List.of(), told);
  }

  @Test
  void aHostOfWhichTooManyAnswersAreBadIsOut() {
    var percentage = new FailurePercentage(40, 5, 50, 100, 100);
    detector(config(EJECTION, false, new SuccessRate(5, 100, 9000, 100, 100), percentage), 5);
    for (int i = 0; i < 4; i++) {
      answers(i, 50, 0);
    }
    answers(4, 0, 80);
    main.advance(INTERVAL);
    assertEquals(List.of("-4"), told);
    assertEquals(1, counted().get("detected_failure_percentage"));
    assertEquals(1, counted().get("enforced_failure_percentage"));
  }

  @Test
  void connectionsAreComparedWhereOriginsAreSplit() {
    var percentage = new FailurePercentage(40, 2, 3, 0, 100);
    var rate = new SuccessRate(2, 3, 500, 0, 100);
    detector(config(EJECTION, true, rate, percentage), 2);
    for (int i = 0; i < 4; i++) {
      hosts.get(0).monitor().connected();
      hosts.get(1).monitor().connectFailed();
      hosts.get(1).monitor().connected();
    }
    main.advance(INTERVAL);
    assertEquals(List.of("-1"), told);
    assertEquals(1, counted().get("detected_local_origin_success_rate"));
    assertEquals(1, counted().get("detected_local_origin_failure_percentage"));
    assertEquals(50, hosts.get(1).monitor().localOriginSuccessRate());
  }
}
