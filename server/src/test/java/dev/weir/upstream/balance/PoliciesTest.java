package dev.weir.upstream.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.SlowStart;
import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.TestHosts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoliciesTest {
  private static final Policy ROUND_ROBIN = new Policy.RoundRobin(null);
  private static final Policy LEAST_REQUEST = new Policy.LeastRequest(2, 1, false, null);
  private static final Policy FULL_SCAN = new Policy.LeastRequest(2, 1, true, null);

  private static List<Host> weighted(long... weights) {
    var hosts = new ArrayList<Host>();
    for (long weight : weights) {
      hosts.add(TestHosts.host("10.0.0." + hosts.size() + ":80").weight(weight).make());
    }
    return hosts;
  }

  private static Host pick(LoadBalancer balancer, PickRequest request) {
    var host = balancer.pick(request);
    assertNotNull(host);
    return host;
  }

  private static Map<Host, Integer> count(LoadBalancer balancer, PickRequest request, int picks) {
    var counts = new HashMap<Host, Integer>();
    for (int i = 0; i < picks; i++) {
      counts.merge(pick(balancer, request), 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void evenHostsTakeStrictTurns() {
    var balancers = new TestBalancers(ROUND_ROBIN);
    var hosts = TestHosts.hosts(3);
    var balancer = balancers.build(hosts);
    var request = balancers.request();
    int at = hosts.indexOf(pick(balancer, request));
    for (int i = 1; i < 20; i++) {
      assertEquals(hosts.get((at + i) % 3), pick(balancer, request));
    }
  }

  @Test
  void everyWorkerTakesItsOwnTurns() {
    var balancers = new TestBalancers(ROUND_ROBIN);
    var hosts = TestHosts.hosts(3);
    var balancer = balancers.build(hosts);
    int first = hosts.indexOf(pick(balancer, balancers.request(0)));
    count(balancer, balancers.request(1), 17);
    assertEquals(hosts.get((first + 1) % 3), pick(balancer, balancers.request(0)));
  }

  @Test
  void turnsGoOnWhenHostsChange() {
    var balancers = new TestBalancers(ROUND_ROBIN);
    var hosts = TestHosts.hosts(4);
    int first = hosts.indexOf(pick(balancers.build(hosts), balancers.request()));
    TestHosts.setHealth(hosts.get((first + 3) % 4), Health.UNHEALTHY);
    TestHosts.setHealth(hosts.get((first + 3) % 4), Health.HEALTHY);
    assertEquals(hosts.get((first + 1) % 4), pick(balancers.build(hosts), balancers.request()));
  }

  @Test
  void weightsAreKeptExactly() {
    var balancers = new TestBalancers(ROUND_ROBIN);
    var hosts = weighted(1, 2, 3);
    var counts = count(balancers.build(hosts), balancers.request(), 120);
    assertEquals(Map.of(hosts.get(0), 20, hosts.get(1), 40, hosts.get(2), 60), counts);
  }

  @Test
  void weightedHostsDoNotComeInBursts() {
    var balancers = new TestBalancers(ROUND_ROBIN);
    var hosts = weighted(1, 1, 2);
    var balancer = balancers.build(hosts);
    var request = balancers.request();
    Host before = null;
    for (int i = 0; i < 40; i++) {
      var host = pick(balancer, request);
      assertTrue(host != before || host == hosts.get(2), "twice in a row: " + host);
      before = host;
    }
  }

  @Test
  void unchangedWeightedHostsGoOnWithTheirTurns() {
    var balancers = new TestBalancers(ROUND_ROBIN);
    var hosts = weighted(1, 2, 3);
    var counts = new HashMap<Host, Integer>();
    for (int i = 0; i < 12; i++) {
      counts.merge(pick(balancers.build(hosts), balancers.request()), 1, Integer::sum);
    }
    assertEquals(Map.of(hosts.get(0), 2, hosts.get(1), 4, hosts.get(2), 6), counts);
  }

  @Test
  void theLessLoadedOfTwoIsTaken() {
    var balancers = new TestBalancers(LEAST_REQUEST);
    var hosts = TestHosts.hosts(2);
    hosts.getFirst().counters().requestStarted();
    int loaded =
        count(balancers.build(hosts), balancers.request(), 1000).getOrDefault(hosts.getFirst(), 0);
    // Only when it is drawn twice, that is in one of four cases.
    assertTrue(loaded > 180 && loaded < 320, loaded + " of 1000");
  }

  @Test
  void aFullScanTakesTheLeastLoadedOfAll() {
    var balancers = new TestBalancers(FULL_SCAN);
    var hosts = TestHosts.hosts(100);
    hosts.forEach(host -> host.counters().requestStarted());
    hosts.get(17).counters().requestEnded();
    assertEquals(Map.of(hosts.get(17), 50), count(balancers.build(hosts), balancers.request(), 50));
  }

  @Test
  void aFullScanTakesAnyOfThoseThatTie() {
    var balancers = new TestBalancers(FULL_SCAN);
    var hosts = TestHosts.hosts(4);
    var counts = count(balancers.build(hosts), balancers.request(), 4000);
    counts.forEach((host, count) -> assertTrue(count > 800 && count < 1200, host + " " + count));
    assertEquals(4, counts.size());
  }

  @Test
  void weightedHostsLoseWeightByTheirLoad() {
    var balancers = new TestBalancers(LEAST_REQUEST);
    var hosts = weighted(1, 3);
    hosts.getLast().counters().requestStarted();
    hosts.getLast().counters().requestStarted();
    var counts = count(balancers.build(hosts), balancers.request(), 100);
    assertEquals(Map.of(hosts.getFirst(), 50, hosts.getLast(), 50), counts);
  }

  @Test
  void theBiasSaysHowMuchLoadCounts() {
    var none = new TestBalancers(new Policy.LeastRequest(2, 0, false, null));
    var square = new TestBalancers(new Policy.LeastRequest(2, 2, false, null));
    var hosts = weighted(1, 4);
    hosts.getLast().counters().requestStarted();
    assertEquals(
        Map.of(hosts.getFirst(), 20, hosts.getLast(), 80),
        count(none.build(hosts), none.request(), 100));
    assertEquals(
        Map.of(hosts.getFirst(), 50, hosts.getLast(), 50),
        count(square.build(hosts), square.request(), 100));
  }

  @Test
  void chanceDoesNotCareForWeights() {
    var balancers = new TestBalancers(new Policy.Random());
    var hosts = weighted(1, 1000);
    var counts = count(balancers.build(hosts), balancers.request(), 1000);
    int light = counts.getOrDefault(hosts.getFirst(), 0);
    assertTrue(light > 400 && light < 600, light + " of 1000");
  }

  @Test
  void aNewHostWarmsUp() {
    var window = Duration.ofSeconds(100);
    var balancers = new TestBalancers(new Policy.RoundRobin(new SlowStart(window, 1, 10)));
    balancers.nanoTime = Duration.ofHours(1).toNanos();
    var hosts = TestHosts.hosts(2);
    hosts.getLast().healthySince(balancers.nanoTime);
    // At once it has the least weight of a tenth, so one of eleven.
    assertShare(balancers, hosts, 100, 1100);
    balancers.nanoTime += Duration.ofSeconds(50).toNanos();
    assertShare(balancers, hosts, 400, 1200);
    balancers.nanoTime += Duration.ofSeconds(51).toNanos();
    assertShare(balancers, hosts, 500, 1000);
  }

  @Test
  void aggressionBendsTheWayUp() {
    var window = Duration.ofSeconds(100);
    var balancers = new TestBalancers(new Policy.RoundRobin(new SlowStart(window, 2, 10)));
    balancers.nanoTime = Duration.ofHours(1).toNanos();
    var hosts = TestHosts.hosts(2);
    hosts.getLast().healthySince(balancers.nanoTime - Duration.ofSeconds(25).toNanos());
    // The square root of a quarter.
    assertShare(balancers, hosts, 400, 1200);
  }

  private static void assertShare(
      TestBalancers balancers, List<Host> hosts, int expected, int picks) {
    // A host of its own changes the list, so that the schedule is made again.
    var balancer = balancers.build(new ArrayList<>(hosts).reversed());
    var counts = count(balancer, balancers.request(), picks);
    int share = counts.getOrDefault(hosts.getLast(), 0);
    assertTrue(Math.abs(share - expected) <= 2, share + " instead of " + expected);
    balancers.build(hosts);
  }

  static List<Policy> policies() {
    return List.of(
        ROUND_ROBIN,
        LEAST_REQUEST,
        FULL_SCAN,
        new Policy.Random(),
        new Policy.RingHash(1024, 1 << 20, false, dev.weir.config.LbConfig.Hashing.DEFAULT),
        new Policy.Maglev(251, dev.weir.config.LbConfig.Hashing.DEFAULT));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void onlyHealthyHostsArePickedUnlessThereIsPanic(Policy policy) {
    var balancers = new TestBalancers(policy);
    var random = balancers.random;
    for (int round = 0; round < 50; round++) {
      var hosts = TestHosts.hosts(1 + random.nextInt(20));
      int unhealthy = 0;
      for (var host : hosts) {
        if (random.nextInt(3) == 0) {
          TestHosts.setHealth(host, Health.UNHEALTHY);
          unhealthy++;
        }
      }
      boolean panic = (hosts.size() - unhealthy) * 2 < hosts.size();
      var balancer = balancers.build(hosts);
      for (int i = 0; i < 50; i++) {
        var host = pick(balancer, balancers.request());
        assertTrue(panic || host.health() == Health.HEALTHY, () -> host + " of " + hosts);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void withoutHostsThereIsNothingToPick(Policy policy) {
    var balancers = new TestBalancers(policy);
    assertEquals(null, balancers.build(List.of()).pick(balancers.request()));
    assertEquals(1, balancers.stat("lb_healthy_panic"));
  }
}
