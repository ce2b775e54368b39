package dev.weir.upstream;

import static dev.weir.upstream.TestClusters.config;
import static dev.weir.upstream.TestClusters.endpoints;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.ClusterConfig.DnsConfig;
import dev.weir.config.ClusterConfig.LookupFamily;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsClusterTest {
  private static final Duration REFRESH = Duration.ofSeconds(5);

  private final TestClusters clusters = new TestClusters();

  private static DnsConfig dns(boolean respectTtl, Duration least, Duration failureMax) {
    return new DnsConfig(
        LookupFamily.AUTO,
        REFRESH,
        REFRESH,
        failureMax,
        Duration.ZERO,
        new DnsConfig.Options(respectTtl, least, true, false, List.of()));
  }

  private static final DnsConfig PLAIN = dns(false, Duration.ZERO, REFRESH);

  private Cluster strict(DnsConfig dns, String... names) {
    return clusters.start(config(new Discovery.StrictDns(endpoints(names), dns)));
  }

  private Cluster logical() {
    return clusters.start(config(new Discovery.LogicalDns(endpoints("a:80"), PLAIN)));
  }

  @Test
  void aClusterIsWarmWhenEveryNameWasTried() {
    var cluster = strict(PLAIN, "a:80", "b:81");
    clusters.names.answer("a", "10.0.0.1");
    assertFalse(cluster.warm().isDone());
    clusters.names.fail("b");
    assertTrue(cluster.warm().isDone());
    assertEquals("10.0.0.1:80", clusters.picks(cluster));
    assertEquals(2, clusters.stat("cluster.c.update_attempt"));
    assertEquals(1, clusters.stat("cluster.c.update_success"));
    assertEquals(1, clusters.stat("cluster.c.update_failure"));
  }

  @Test
  void everyAddressOfEveryNameIsAHostOnce() {
    var cluster = strict(PLAIN, "a:80", "b:81");
    clusters.names.answer("a", "10.0.0.1", "10.0.0.2", "10.0.0.1");
    clusters.names.answer("b", "::1");
    assertEquals("10.0.0.1:80 10.0.0.2:80 [::1]:81", clusters.picks(cluster));
    assertEquals("a", cluster.table().hosts().getFirst().hostname());
    assertEquals(2, clusters.stat("cluster.c.membership_change"));
    assertEquals(1, clusters.stat("cluster_manager.cluster_updated"));
    assertEquals(1, clusters.stat("cluster.c.max_host_weight"));
  }

  @Test
  void namesAreAskedForAgain() {
    var cluster = strict(PLAIN, "a:80");
    clusters.names.answer("a", "10.0.0.1");
    clusters.main.advance(REFRESH);
    clusters.names.answer("a", "10.0.0.2");
    assertEquals("10.0.0.2:80", clusters.picks(cluster));
    clusters.main.advance(REFRESH);
    clusters.names.answer("a", "10.0.0.2");
    assertEquals(1, clusters.stat("cluster.c.update_no_rebuild"));
  }

  @Test
  void aFailureKeepsTheHostsAndAnEmptyAnswerDoesNot() {
    var cluster = strict(PLAIN, "a:80");
    clusters.names.answer("a", "10.0.0.1");
    clusters.main.advance(REFRESH);
    clusters.names.fail("a");
    assertEquals("10.0.0.1:80", clusters.picks(cluster));
    clusters.main.advance(REFRESH);
    clusters.names.answer("a");
    assertEquals("null", clusters.picks(cluster));
  }

  @Test
  void aNameThatDoesNotExistMakesTheClusterWarmWithoutHosts() {
    var cluster = strict(PLAIN, "a:80");
    clusters.names.answer("a");
    assertTrue(cluster.warm().isDone());
    assertEquals(1, clusters.stat("cluster.c.update_success"));
    assertEquals(1, clusters.stat("cluster.c.update_no_rebuild"));
  }

  @Test
  void theTtlGoesBeforeTheRefreshRateIfThatIsWanted() {
    strict(dns(true, Duration.ofSeconds(2), REFRESH), "a:80");
    clusters.names.answer("a", Duration.ofSeconds(30), "10.0.0.1");
    clusters.main.advance(Duration.ofSeconds(29));
    assertEquals(1, clusters.names.asked("a"));
    clusters.main.advance(Duration.ofSeconds(1));
    assertEquals(2, clusters.names.asked("a"));
    clusters.names.answer("a", Duration.ofSeconds(1), "10.0.0.1");
    clusters.main.advance(Duration.ofMillis(1999));
    assertEquals(2, clusters.names.asked("a"));
    clusters.main.advance(Duration.ofMillis(1));
    assertEquals(3, clusters.names.asked("a"));
  }

  @Test
  void afterFailuresNoPauseIsLongerThanTheMaximum() {
    strict(dns(false, Duration.ZERO, Duration.ofSeconds(20)), "a:80");
    for (int i = 1; i < 10; i++) {
      clusters.names.fail("a");
      clusters.main.advance(Duration.ofSeconds(20));
      assertEquals(i + 1, clusters.names.asked("a"));
    }
  }

  @Test
  void aDrainedClusterAsksNoMore() {
    var cluster = strict(PLAIN, "a:80", "b:81");
    clusters.names.answer("a", "10.0.0.1");
    cluster.drain();
    clusters.names.answer("b", "10.0.0.2");
    clusters.main.advance(Duration.ofMinutes(1));
    assertEquals(1, clusters.names.asked("a"));
    assertEquals(1, clusters.names.asked("b"));
  }

  @Test
  void aLogicalNameIsOneHostAtItsFirstAddress() {
    var cluster = logical();
    assertFalse(cluster.warm().isDone());
    clusters.names.answer("a", "10.0.0.1", "10.0.0.2");
    assertTrue(cluster.warm().isDone());
    assertEquals("10.0.0.1:80", clusters.picks(cluster));
    var host = cluster.table().hosts().getFirst();
    assertEquals(2, host.addresses().size());

    clusters.main.advance(REFRESH);
    clusters.names.answer("a", "10.0.0.3");
    assertEquals("10.0.0.3:80", clusters.picks(cluster));
    assertSame(host, cluster.table().hosts().getFirst());
    assertEquals(1, clusters.stat("cluster.c.membership_change"));
  }

  @Test
  void aLogicalNameWithoutAddressesKeepsTheOneItHad() {
    var cluster = logical();
    clusters.names.answer("a", "10.0.0.1");
    clusters.main.advance(REFRESH);
    clusters.names.answer("a");
    assertEquals("10.0.0.1:80", clusters.picks(cluster));
  }
}
