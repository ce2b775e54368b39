package dev.weir.upstream;

import static dev.weir.upstream.TestClusters.config;
import static dev.weir.upstream.TestClusters.eds;
import static dev.weir.upstream.TestClusters.endpoints;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.CircuitBreakersConfig;
import dev.weir.config.CircuitBreakersConfig.Thresholds;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.EndpointsConfig;
import dev.weir.upstream.host.Host;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterTest {
  private final TestClusters clusters = new TestClusters();

  private static Host only(Cluster cluster) {
    return cluster.table().hosts().getFirst();
  }

  @Test
  void aStaticClusterIsWarmAtOnce() {
    var cluster =
        clusters.start(config(new Discovery.Static(endpoints("10.0.0.1:80", "10.0.0.2:80"))));
    assertTrue(cluster.warm().isDone());
    assertEquals("10.0.0.1:80 10.0.0.2:80", clusters.picks(cluster));
    assertEquals(2, clusters.stat("cluster.c.membership_total"));
    assertEquals(2, clusters.stat("cluster.c.membership_healthy"));
    assertEquals(1, clusters.stat("cluster.c.membership_change"));
    assertEquals(2, clusters.stat("cluster.c.default.total_match_count"));
    assertEquals(0, clusters.stat("cluster.c.max_host_weight"));
    assertEquals(0, clusters.stat("cluster.c.update_no_rebuild"));
  }

  @Test
  void aStaticEndpointThatIsListedTwiceIsTwoHosts() {
    var cluster =
        clusters.start(config(new Discovery.Static(endpoints("10.0.0.1:80", "10.0.0.1:80"))));
    assertEquals(2, cluster.table().hosts().size());
  }

  @Test
  void aClusterWithoutHostsIsWarmAndHasNoneToPick() {
    var cluster = clusters.start(config(new Discovery.Static(endpoints())));
    assertTrue(cluster.warm().isDone());
    assertEquals("null", clusters.picks(cluster));
    assertTrue(clusters.stat("cluster.c.lb_healthy_panic") > 0);
  }

  @Test
  void anEdsClusterIsWarmWithItsFirstAssignment() {
    var cluster = clusters.start(config(eds()));
    assertFalse(cluster.warm().isDone());
    assertEquals("null", clusters.picks(cluster));
    cluster.updateEndpoints(endpoints("10.0.0.1:80*5"));
    assertTrue(cluster.warm().isDone());
    assertEquals("10.0.0.1:80", clusters.picks(cluster));
    assertEquals(5, clusters.stat("cluster.c.max_host_weight"));
    assertEquals(0, clusters.stat("cluster_manager.cluster_updated"));
  }

  @Test
  void anEdsClusterIsWarmWithoutHostsOnceItWasWaitedForLongEnough() {
    var cluster = clusters.start(config(eds()));
    cluster.initialFetchTimedOut();
    assertTrue(cluster.warm().isDone());
    assertEquals("null", clusters.picks(cluster));
    cluster.updateEndpoints(endpoints("10.0.0.1:80"));
    assertEquals("10.0.0.1:80", clusters.picks(cluster));
    assertEquals(1, clusters.stat("cluster_manager.cluster_updated"));
  }

  @Test
  void aHostThatIsNamedAgainStaysTheSameHost() {
    var cluster = clusters.start(config(eds()));
    cluster.updateEndpoints(endpoints("10.0.0.1:80"));
    var host = only(cluster);
    host.counters().connectionOpened();
    cluster.updateEndpoints(endpoints("10.0.0.2:80", "10.0.0.1:80*7"));
    var known = cluster.table().hosts().getLast();
    assertSame(host, known);
    assertEquals(7, known.weight());
    assertEquals(1, known.counters().cxActive());
    assertEquals(2, clusters.stat("cluster.c.membership_change"));
  }

  @Test
  void anEndpointThatEdsListsTwiceIsOneHost() {
    var cluster = clusters.start(config(eds()));
    cluster.updateEndpoints(endpoints("10.0.0.1:80*2", "10.0.0.1:80*3"));
    assertEquals(1, cluster.table().hosts().size());
    assertEquals(2, only(cluster).weight());
  }

  @Test
  void anAssignmentWithoutNewsRebuildsNothing() {
    var cluster = clusters.start(config(eds()));
    cluster.updateEndpoints(endpoints("10.0.0.1:80"));
    var table = cluster.table();
    cluster.updateEndpoints(endpoints("10.0.0.1:80"));
    assertSame(table, cluster.table());
    assertEquals(1, clusters.stat("cluster.c.update_no_rebuild"));
  }

  @Test
  void anEmptyAssignmentRemovesAllHosts() {
    var cluster = clusters.start(config(eds()));
    cluster.updateEndpoints(endpoints("10.0.0.1:80"));
    cluster.updateEndpoints(endpoints());
    assertEquals("null", clusters.picks(cluster));
    assertEquals(0, clusters.stat("cluster.c.membership_total"));
  }

  @Test
  void anUnhealthyEndpointIsNotPicked() {
    var cluster = clusters.start(config(eds()));
    cluster.updateEndpoints(endpoints("10.0.0.1:80", "10.0.0.2:80!UNHEALTHY"));
    assertEquals("10.0.0.1:80", clusters.picks(cluster));
    assertEquals(1, clusters.stat("cluster.c.membership_healthy"));
    assertEquals("/failed_eds_health", cluster.table().hosts().getLast().healthText());
  }

  @Test
  void aDrainingEndpointIsNeitherPickedNorCounted() {
    var cluster = clusters.start(config(eds()));
    cluster.updateEndpoints(
        endpoints("10.0.0.1:80", "10.0.0.2:80!DRAINING", "10.0.0.3:80!DRAINING"));
    assertEquals("10.0.0.1:80", clusters.picks(cluster));
    assertEquals(2, clusters.stat("cluster.c.membership_excluded"));
    assertEquals("/eds_status_draining", cluster.table().hosts().getLast().healthText());
  }

  @Test
  void updatesOfHealthAreGatheredForAWhile() {
    var cluster = clusters.start(config(eds()));
    cluster.updateEndpoints(endpoints("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));
    cluster.updateEndpoints(endpoints("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80!UNHEALTHY"));
    assertEquals("10.0.0.1:80 10.0.0.2:80", clusters.picks(cluster));
    assertEquals(1, clusters.stat("cluster_manager.update_out_of_merge_window"));

    cluster.updateEndpoints(endpoints("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));
    assertEquals(3, clusters.stat("cluster.c.membership_healthy"));
    assertEquals("10.0.0.1:80 10.0.0.2:80", clusters.picks(cluster));
    clusters.main.advance(TestClusters.MERGE_WINDOW);
    assertEquals("10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", clusters.picks(cluster));
    assertEquals(1, clusters.stat("cluster_manager.cluster_updated_via_merge"));
    assertEquals(1, clusters.stat("cluster_manager.cluster_updated"));
  }

  @Test
  void newHostsAreNotWaitedFor() {
    var cluster = clusters.start(config(eds()));
    cluster.updateEndpoints(endpoints("10.0.0.1:80"));
    cluster.updateEndpoints(endpoints("10.0.0.1:80*2"));
    cluster.updateEndpoints(endpoints("10.0.0.1:80*3"));
    cluster.updateEndpoints(endpoints("10.0.0.1:80*3", "10.0.0.2:80*3"));
    assertEquals("10.0.0.1:80 10.0.0.2:80", clusters.picks(cluster));
    assertEquals(1, clusters.stat("cluster_manager.update_merge_cancelled"));
    assertEquals(2, clusters.stat("cluster_manager.cluster_updated"));
  }

  @Test
  void endpointsThatAreNotConfirmedInTimeAreForgotten() {
    var cluster = clusters.start(config(eds()));
    var good = endpoints("10.0.0.1:80");
    cluster.updateEndpoints(
        new EndpointsConfig("c", good.localities(), 140, false, Duration.ofMinutes(1)));
    clusters.main.advance(Duration.ofSeconds(59));
    assertEquals("10.0.0.1:80", clusters.picks(cluster));
    clusters.main.advance(Duration.ofSeconds(1));
    assertEquals("null", clusters.picks(cluster));
    assertEquals(1, clusters.stat("cluster.c.assignment_stale"));
  }

  @Test
  void endpointsAreForEdsClustersOnly() {
    var cluster = clusters.start(config(new Discovery.Static(endpoints())));
    assertThrows(IllegalStateException.class, () -> cluster.updateEndpoints(endpoints()));
  }

  @Test
  void aDrainedClusterGivesItsStatisticsUpWithItsLastConnection() {
    var cluster = clusters.start(config(new Discovery.Static(endpoints("10.0.0.1:80"))));
    cluster.breaker().connectionOpened();
    cluster.drain();
    clusters.main.advance(Duration.ofMinutes(1));
    assertEquals(1, clusters.stat("cluster.c.membership_total"));
    cluster.breaker().connectionClosed();
    clusters.main.advance(Duration.ofMinutes(1));
    assertEquals(0, clusters.stat("cluster.c.membership_total"));
  }

  @Test
  void limitsHoldAndShowThatTheyAreReached() {
    var limits = new Thresholds(2, 1, 1024, 3, CircuitBreakersConfig.UNLIMITED, true);
    var breakers = new CircuitBreakersConfig(limits, Thresholds.DEFAULT, 1);
    var cluster = clusters.start(config(new Discovery.Static(endpoints("10.0.0.1:80")), breakers));
    var breaker = cluster.breaker();
    assertEquals(List.of(2L, 1L), remaining());

    assertTrue(breaker.tryPend());
    assertFalse(breaker.tryPend());
    assertEquals(1, clusters.stat("cluster.c.circuit_breakers.default.rq_pending_open"));
    breaker.pendingEnded();
    assertEquals(0, clusters.stat("cluster.c.circuit_breakers.default.rq_pending_open"));

    breaker.connectionOpened();
    assertTrue(breaker.allowsConnection());
    breaker.connectionOpened();
    assertFalse(breaker.allowsConnection());
    assertEquals(1, clusters.stat("cluster.c.circuit_breakers.default.cx_open"));
    assertEquals(List.of(0L, 1L), remaining());
    breaker.connectionClosed();
    assertTrue(breaker.allowsConnection());
    assertEquals(0, clusters.stat("cluster.c.circuit_breakers.default.cx_open"));

    assertTrue(breaker.allowsConnectionTo(only(cluster)));
    only(cluster).counters().connectionOpened();
    assertFalse(breaker.allowsConnectionTo(only(cluster)));
  }

  private List<Long> remaining() {
    return List.of(
        clusters.stat("cluster.c.circuit_breakers.default.remaining_cx"),
        clusters.stat("cluster.c.circuit_breakers.default.remaining_pending"));
  }
}
