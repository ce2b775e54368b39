package dev.weir.upstream;

import static dev.weir.upstream.TestClusters.eds;
import static dev.weir.upstream.TestClusters.endpoints;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ClusterConfig;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.HealthCheckConfig;
import dev.weir.config.HealthCheckConfig.Connections;
import dev.weir.config.HealthCheckConfig.EventLog;
import dev.weir.config.HealthCheckConfig.Intervals;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.config.HealthCheckConfig.ProxyHeader;
import dev.weir.config.HealthCheckConfig.Schedule;
import dev.weir.config.HealthCheckConfig.Thresholds;
import dev.weir.config.HealthConfig;
import dev.weir.config.LbConfig;
import dev.weir.config.OpenConnections;
import dev.weir.upstream.ClusterStats.Count;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Active checks as a cluster sees them: its hosts are asked by nobody, the test gives the answers.
class CheckedClusterTest {
  private static final String A = "10.0.0.1:80";
  private static final String B = "10.0.0.2:80";

  private final TestClusters clusters = new TestClusters();

  private static HealthCheckConfig check(String name, Schedule schedule) {
    return new HealthCheckConfig(
        name,
        new Probe.Tcp("", List.of(), ProxyHeader.NONE),
        schedule,
        new Thresholds(3, 2),
        Connections.DEFAULT,
        EventLog.NONE);
  }

  /// 1 s between two checks, 2 s while unhealthy, 3 s on the way there, 4 s on the way back; 60 s
  /// without traffic, or 50 s if healthy.
  private static final Schedule SCHEDULE =
      new Schedule(
          Duration.ofMillis(500),
          Duration.ZERO,
          Duration.ZERO,
          0,
          new Intervals(
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              Duration.ofSeconds(3),
              Duration.ofSeconds(4),
              Duration.ofSeconds(60),
              Duration.ofSeconds(50)));

  private static ClusterConfig config(Discovery discovery, HealthConfig health) {
    return config(discovery, health, TestClusters.ROUND_ROBIN);
  }

  private static ClusterConfig config(Discovery discovery, HealthConfig health, LbConfig lb) {
    var plain = TestClusters.config(discovery);
    return new ClusterConfig(
        "c", "c", discovery, lb, health, plain.upstream(), plain.http(), plain.metadata());
  }

  private static HealthConfig checked(HealthCheckConfig... checks) {
    return new HealthConfig(List.of(checks), null, false, false, OpenConnections.KEPT);
  }

  private Cluster start(HealthConfig health, String... hosts) {
    var cluster = clusters.start(config(eds(), health));
    cluster.updateEndpoints(endpoints(hosts));
    clusters.main.run();
    return cluster;
  }

  private Cluster start(String... hosts) {
    return start(checked(check("", SCHEDULE)), hosts);
  }

  private void pass(String host) {
    clusters.probes.pass(host);
    clusters.main.run();
  }

  private void fail(String host) {
    clusters.probes.fail(host);
    clusters.main.run();
  }

  private static String flags(Cluster cluster, String host) {
    return cluster.table().hosts().stream()
        .filter(it -> it.toString().equals(host))
        .findFirst()
        .orElseThrow()
        .healthText();
  }

  private long healthStat(String name) {
    return clusters.stat("cluster.c.health_check." + name);
  }

  /// How long it takes until the host is asked again, to a tenth of a second.
  private Duration untilAsked(String host) {
    var waited = Duration.ZERO;
    while (!clusters.probes.asks(host)) {
      clusters.main.advance(Duration.ofMillis(100));
      waited = waited.plusMillis(100);
    }
    return waited;
  }

  @Test
  void aClusterIsWarmOnceEveryHostHasBeenChecked() {
    var cluster = start(A, B);
    assertFalse(cluster.warm().isDone());
    pass(A);
    assertFalse(cluster.warm().isDone());
    assertEquals(0, clusters.stat("cluster.c.membership_healthy"));
    fail(B);
    assertTrue(cluster.warm().isDone());
    assertEquals(A, clusters.picks(cluster));
    assertEquals(1, clusters.stat("cluster.c.membership_healthy"));
    assertEquals("/failed_active_hc", flags(cluster, B));
    assertEquals(1, healthStat("healthy"));
    assertEquals(2, healthStat("attempt"));
    assertEquals(1, healthStat("success"));
    assertEquals(1, healthStat("failure"));
    assertEquals(1, healthStat("network_failure"));
  }

  @Test
  void aHostThatGoesIsNotWaitedFor() {
    var cluster = start(A, B);
    pass(A);
    cluster.updateEndpoints(endpoints(A));
    clusters.main.run();
    assertTrue(cluster.warm().isDone());
  }

  @Test
  void aClusterWithoutHostsHasNothingToWaitFor() {
    assertTrue(start().warm().isDone());
  }

  @Test
  void noAnswerInTimeIsAFailure() {
    var cluster = start(A);
    clusters.main.advance(Duration.ofMillis(500));
    clusters.main.run();
    assertTrue(cluster.warm().isDone());
    assertEquals("/failed_active_hc/active_hc_timeout", flags(cluster, A));
    assertEquals(1, healthStat("network_failure"));
    untilAsked(A);
    pass(A);
    assertEquals("/failed_active_hc/active_hc_timeout", flags(cluster, A), "one more is needed");
    untilAsked(A);
    pass(A);
    assertEquals("healthy", flags(cluster, A));
  }

  @Test
  void thresholdsCountResultsInARow() {
    var cluster = start(A, B);
    cluster.stats().get(Count.UPSTREAM_CX_TOTAL).increment();
    pass(A);
    pass(B);
    for (int i = 0; i < 2; i++) {
      untilAsked(A);
      fail(A);
    }
    untilAsked(A);
    pass(A);
    for (int i = 0; i < 2; i++) {
      untilAsked(A);
      fail(A);
      assertEquals("healthy", flags(cluster, A));
    }
    untilAsked(A);
    fail(A);
    assertEquals("/failed_active_hc", flags(cluster, A));
    untilAsked(A);
    pass(A);
    untilAsked(A);
    fail(A);
    untilAsked(A);
    pass(A);
    assertEquals("/failed_active_hc", flags(cluster, A));
    untilAsked(A);
    pass(A);
    assertEquals("healthy", flags(cluster, A));
  }

  @Test
  void aBadAnswerCountsAtOnceUnlessItIsRetriable() {
    var cluster = start(A);
    pass(A);
    untilAsked(A);
    clusters.probes.refuse(A, true);
    clusters.main.run();
    assertEquals("healthy", flags(cluster, A));
    untilAsked(A);
    clusters.probes.refuse(A, false);
    clusters.main.run();
    assertEquals("/failed_active_hc/excluded_via_immediate_hc_fail", flags(cluster, A));
    assertEquals(1, clusters.stat("cluster.c.membership_excluded"));
    assertEquals(0, healthStat("network_failure"));
  }

  @Test
  void aHostMayAskToBeLeftOutInItsAnswerToARequest() {
    var cluster = start(A);
    pass(A);
    var host = cluster.table().hosts().getFirst();
    host.failNow();
    clusters.main.run();
    assertEquals("/failed_active_hc/excluded_via_immediate_hc_fail", flags(cluster, A));
    assertEquals(1, healthStat("passive_failure"));
    assertEquals(0, healthStat("network_failure"));
    for (int i = 0; i < 2; i++) {
      untilAsked(A);
      pass(A);
    }
    assertEquals("healthy", flags(cluster, A));
    cluster.updateEndpoints(endpoints(A + "!UNHEALTHY"));
    cluster.updateEndpoints(endpoints());
    host.failNow();
    clusters.main.run();
    assertEquals(1, healthStat("passive_failure"), "nobody checks it any more");
  }

  @Test
  void theNextCheckComesWhenTheStateOfTheHostSaysSo() {
    start(A);
    pass(A);
    assertEquals(Duration.ofSeconds(50), untilAsked(A), "healthy, no traffic");
    fail(A);
    assertEquals(Duration.ofSeconds(60), untilAsked(A), "no traffic");
  }

  @Test
  void theNextCheckOfAClusterInUseComesSooner() {
    var cluster = start(A);
    cluster.stats().get(Count.UPSTREAM_CX_TOTAL).increment();
    pass(A);
    assertEquals(Duration.ofSeconds(1), untilAsked(A), "healthy");
    fail(A);
    assertEquals(Duration.ofSeconds(3), untilAsked(A), "on the way to unhealthy");
    fail(A);
    untilAsked(A);
    fail(A);
    assertEquals(Duration.ofSeconds(2), untilAsked(A), "unhealthy");
    pass(A);
    assertEquals(Duration.ofSeconds(4), untilAsked(A), "on the way back");
    pass(A);
    assertEquals(Duration.ofSeconds(1), untilAsked(A), "healthy again");
  }

  @Test
  void jitterPutsChecksOff() {
    var jittered =
        new Schedule(
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            10,
            SCHEDULE.intervals());
    start(checked(check("", jittered)), A);
    assertFalse(clusters.probes.asks(A), "not asked at once");
    assertTrue(untilAsked(A).compareTo(Duration.ofSeconds(5)) <= 0);
    pass(A);
    var next = untilAsked(A);
    assertTrue(next.compareTo(Duration.ofSeconds(50)) >= 0, next::toString);
    assertTrue(next.compareTo(Duration.ofSeconds(56)) <= 0, next::toString);
  }

  @Test
  void aDegradedHostIsSecondChoice() {
    var cluster = start(A, B);
    pass(A);
    clusters.probes.degrade(B);
    clusters.main.run();
    assertEquals("/degraded_active_hc", flags(cluster, B));
    assertEquals(1, clusters.stat("cluster.c.membership_degraded"));
    assertEquals(1, healthStat("degraded"));
    untilAsked(B);
    pass(B);
    assertEquals("healthy", flags(cluster, B));
    assertEquals(0, healthStat("degraded"));
  }

  @Test
  void aRemovedHostStaysWhileItsChecksPass() {
    var cluster = start(A, B);
    pass(A);
    pass(B);
    cluster.updateEndpoints(endpoints(A));
    clusters.main.run();
    assertEquals("/pending_dynamic_removal", flags(cluster, B));
    assertEquals(A + " " + B, clusters.picks(cluster));
    for (int i = 0; i < 3; i++) {
      untilAsked(B);
      fail(B);
    }
    assertEquals(A, clusters.picks(cluster));
    assertEquals(1, cluster.table().hosts().size());
    assertEquals(1, clusters.stat("cluster.c.membership_total"));
    assertEquals(1, healthStat("healthy"));
  }

  @Test
  void aHostThatIsNamedAgainStaysForGood() {
    var cluster = start(A, B);
    pass(A);
    pass(B);
    cluster.updateEndpoints(endpoints(A));
    cluster.updateEndpoints(endpoints(A, B));
    assertEquals("healthy", flags(cluster, B));
  }

  @Test
  void aRemovedHostGoesAtOnceWhereItsHealthIsIgnored() {
    var health =
        new HealthConfig(List.of(check("", SCHEDULE)), null, true, false, OpenConnections.KEPT);
    var cluster = start(health, A, B);
    pass(A);
    pass(B);
    cluster.updateEndpoints(endpoints(A));
    assertEquals(A, clusters.picks(cluster));
    assertFalse(clusters.probes.asks(B));
  }

  @Test
  void aHostThatDiscoveryCallsUnhealthyGoesAtOnce() {
    var cluster = start(A, B);
    pass(A);
    pass(B);
    cluster.updateEndpoints(endpoints(A, B + "!UNHEALTHY"));
    cluster.updateEndpoints(endpoints(A));
    assertEquals(A, clusters.picks(cluster));
  }

  @Test
  void aNewHostMayBeLeftOutOfAccountUntilItWasChecked() {
    var common = TestClusters.ROUND_ROBIN.common();
    var lb =
        new LbConfig(
            TestClusters.ROUND_ROBIN.policy(),
            null,
            new LbConfig.Common(
                common.panicThreshold(), false, common.zoneAware(), Duration.ZERO, true, false));
    var cluster = clusters.start(config(eds(), checked(check("", SCHEDULE)), lb));
    cluster.updateEndpoints(endpoints(A, B));
    clusters.main.run();
    assertEquals(2, clusters.stat("cluster.c.membership_excluded"));
    pass(A);
    pass(B);
    assertEquals(0, clusters.stat("cluster.c.membership_excluded"));
    cluster.updateEndpoints(endpoints(A, B, "10.0.0.3:80"));
    clusters.main.run();
    assertEquals("/failed_active_hc/pending_active_hc", flags(cluster, "10.0.0.3:80"));
    fail("10.0.0.3:80");
    assertEquals("/failed_active_hc", flags(cluster, "10.0.0.3:80"));
    assertEquals(0, clusters.stat("cluster.c.membership_excluded"));
  }

  @Test
  void aHostHasToPassAllOfSeveralChecks() {
    var cluster = start(checked(check("a", SCHEDULE), check("b", SCHEDULE)), A);
    pass(A);
    assertFalse(cluster.warm().isDone());
    pass(A);
    assertTrue(cluster.warm().isDone());
    assertEquals("healthy", flags(cluster, A));
    assertEquals(1, healthStat("name.a.success"));
    assertEquals(1, healthStat("name.b.success"));
    assertEquals(0, healthStat("success"));
    assertEquals(1, healthStat("healthy"));
    untilAsked(A);
    clusters.probes.refuse(A, false);
    pass(A);
    assertEquals("/failed_active_hc/excluded_via_immediate_hc_fail", flags(cluster, A));
    assertEquals(0, healthStat("healthy"));
    assertEquals(1, healthStat("name.a.healthy") + healthStat("name.b.healthy"));
  }

  @Test
  void changesOfHealthAreGatheredOnceTheClusterIsWarm() {
    start(A, B);
    pass(A);
    pass(B);
    for (var host : List.of(A, B)) {
      untilAsked(host);
      clusters.probes.refuse(host, false);
    }
    clusters.main.run();
    assertEquals(0, clusters.stat("cluster.c.membership_healthy"));
    assertEquals(1, clusters.stat("cluster_manager.update_out_of_merge_window"));
    assertEquals(1, clusters.stat("cluster_manager.cluster_updated"));
    clusters.main.advance(TestClusters.MERGE_WINDOW);
    assertEquals(1, clusters.stat("cluster_manager.cluster_updated_via_merge"));
  }

  @Test
  void aDrainedClusterAsksNobody() {
    var cluster = start(A);
    cluster.drain();
    clusters.main.run();
    assertFalse(clusters.probes.asks(A));
    clusters.main.advance(Duration.ofMinutes(5));
    assertFalse(clusters.probes.asks(A));
  }
}
