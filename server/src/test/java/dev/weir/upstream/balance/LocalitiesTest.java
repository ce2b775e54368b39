package dev.weir.upstream.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.LbConfig;
import dev.weir.config.LbConfig.Common;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.config.LbConfig.SubsetConfig.SubsetOptions;
import dev.weir.config.LbConfig.ZoneAware;
import dev.weir.config.SubsetMatch;
import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import dev.weir.upstream.host.TestHosts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LocalitiesTest {
  private static final Policy POLICY = new Policy.RoundRobin(null);

  private static Locality zone(String name) {
    return new Locality("", name, "");
  }

  /// Hosts such as `a a b`, each in the zone of its name; `!` before it for an unhealthy one.
  private static List<Host> hosts(String zones) {
    var hosts = new ArrayList<Host>();
    for (var zone : zones.split(" ", -1)) {
      boolean unhealthy = zone.startsWith("!");
      hosts.add(
          TestHosts.host("10.0.0." + hosts.size() + ":80")
              .zone(unhealthy ? zone.substring(1) : zone)
              .health(unhealthy ? Health.UNHEALTHY : Health.HEALTHY)
              .make());
    }
    return hosts;
  }

  private static Map<String, Integer> zones(
      TestBalancers balancers, LoadBalancer balancer, int picks) {
    var counts = new TreeMap<String, Integer>();
    for (int i = 0; i < picks; i++) {
      var host = balancer.pick(balancers.request());
      counts.merge(host == null ? "-" : host.locality().zone(), 1, Integer::sum);
    }
    return counts;
  }

  private static Map<String, Integer> weightedPicks(String zones, Map<Locality, Long> weights) {
    var common = new Common(0, true, ZoneAware.DEFAULT, Duration.ZERO, false, false);
    var balancers = new TestBalancers(new LbConfig(POLICY, null, common));
    var shape = Shape.PLAIN.withLocalityWeights(List.of(weights));
    return zones(balancers, balancers.build(hosts(zones), shape), 120);
  }

  @Test
  void localitiesGetTheirWeightWhateverTheNumberOfTheirHosts() {
    assertEquals(
        Map.of("a", 40, "b", 80), weightedPicks("a a a b", Map.of(zone("a"), 1L, zone("b"), 2L)));
  }

  @Test
  void aLocalityOfNoWeightGetsNothing() {
    assertEquals(Map.of("b", 120), weightedPicks("a a b", Map.of(zone("b"), 1L)));
  }

  @Test
  void aLocalityKeepsItsWeightWhileFewOfItsHostsAreUnwell() {
    var weights = Map.of(zone("a"), 1L, zone("b"), 1L);
    assertEquals(Map.of("a", 60, "b", 60), weightedPicks("a a a !a b", weights));
    // Half of them: 0.7 of the weight.
    var counts = weightedPicks("a !a b", weights);
    assertEquals(49, counts.getOrDefault("a", 0), 1);
  }

  private static TestBalancers zoneAware(ZoneAware config, String gateways) {
    var common = new Common(50, false, config, Duration.ZERO, false, false);
    var balancers = new TestBalancers(new LbConfig(POLICY, null, common));
    balancers.gateways = HostTable.arrange(hosts(gateways), IN_A);
    return balancers;
  }

  private static final Shape IN_A = new Shape(1, 140, false, List.of(), zone("a"));

  @Test
  void trafficStaysInAZoneThatHasEnoughHosts() {
    var balancers = zoneAware(ZoneAware.DEFAULT, "a b");
    var counts = zones(balancers, balancers.build(hosts("a a a b b b"), IN_A), 100);
    assertEquals(Map.of("a", 100), counts);
    assertEquals(100, balancers.stat("lb_zone_routing_all_directly"));
    assertEquals(1, balancers.stat("lb_recalculate_zone_structures"));
  }

  @Test
  void whatAZoneCannotTakeGoesWhereThereIsRoom() {
    var balancers = zoneAware(ZoneAware.DEFAULT, "a b");
    // A quarter of the hosts for half of the gateways: half of the traffic stays.
    var counts = zones(balancers, balancers.build(hosts("a a b b b c c c"), IN_A), 4000);
    int here = counts.getOrDefault("a", 0);
    int there = counts.getOrDefault("c", 0);
    assertTrue(here > 1800 && here < 2200, counts::toString);
    // Zone b has less room than its gateways want, so all else goes to zone c.
    assertEquals(4000, here + there);
    assertEquals(here, balancers.stat("lb_zone_routing_sampled"));
    assertEquals(there, balancers.stat("lb_zone_routing_cross_zone"));
  }

  @Test
  void subsetsFollowTheGateways() {
    var subsets =
        new SubsetConfig(
            Fallback.ANY_ENDPOINT,
            SubsetMatch.NONE,
            List.of(),
            new SubsetOptions(false, false, false, false, false, false));
    var common = new Common(50, false, ZoneAware.DEFAULT, Duration.ZERO, false, false);
    var balancers = new TestBalancers(new LbConfig(POLICY, subsets, common));
    var hosts = hosts("a a a b b b");
    balancers.gateways = HostTable.arrange(hosts("a b"), IN_A);
    assertEquals(Map.of("a", 60), zones(balancers, balancers.build(hosts, IN_A), 60));
    balancers.gateways = HostTable.arrange(hosts("b c"), IN_A);
    assertEquals(Map.of("a", 30, "b", 30), zones(balancers, balancers.build(hosts, IN_A), 60));
  }

  @Test
  void localitiesOfWhichNoneHasAWeightAreRoutedByZone() {
    var common = new Common(50, true, ZoneAware.DEFAULT, Duration.ZERO, false, false);
    var balancers = new TestBalancers(new LbConfig(POLICY, null, common));
    balancers.gateways = HostTable.arrange(hosts("a b"), IN_A);
    var shape = IN_A.withLocalityWeights(List.of(Map.of()));
    var counts = zones(balancers, balancers.build(hosts("a a a b b b"), shape), 60);
    assertEquals(Map.of("a", 60), counts);
  }

  @Test
  void smallClustersAreNotSplit() {
    var balancers = zoneAware(ZoneAware.DEFAULT, "a b");
    var counts = zones(balancers, balancers.build(hosts("a b b b b"), IN_A), 100);
    assertEquals(Map.of("a", 20, "b", 80), counts);
    assertEquals(1, balancers.stat("lb_zone_cluster_too_small"));
  }

  @Test
  void aGatewayThatDoesNotKnowItsZoneRoutesAnywhere() {
    var balancers = zoneAware(ZoneAware.DEFAULT, "b c");
    var counts = zones(balancers, balancers.build(hosts("a a a b b b"), IN_A), 120);
    assertEquals(Map.of("a", 60, "b", 60), counts);
    assertEquals(1, balancers.stat("lb_local_cluster_not_ok"));
  }

  @Test
  void gatewaysInPanicRouteAnywhere() {
    var balancers = zoneAware(ZoneAware.DEFAULT, "a !b !b !b !b");
    var counts = zones(balancers, balancers.build(hosts("a a a b b b"), IN_A), 120);
    assertEquals(Map.of("a", 60, "b", 60), counts);
    assertEquals(120, balancers.stat("lb_local_cluster_not_ok"));
  }

  @Test
  void theOwnZoneMayBeForced() {
    var forced = new ZoneAware(100, 6, false, 2, false);
    var balancers = zoneAware(forced, "a");
    var counts = zones(balancers, balancers.build(hosts("a a b b b b b b"), IN_A), 100);
    assertEquals(Map.of("a", 100), counts);
  }

  @Test
  void zoneRoutingMayBeForSomeOnly() {
    var balancers = zoneAware(new ZoneAware(0, 6, false, 0, false), "a b");
    var counts = zones(balancers, balancers.build(hosts("a a a b b b"), IN_A), 120);
    assertEquals(Map.of("a", 60, "b", 60), counts);
  }

  @Test
  void panicMayFailInsteadOfPickingAnyHost() {
    var balancers = zoneAware(new ZoneAware(100, 6, true, 0, false), "a b");
    var counts = zones(balancers, balancers.build(hosts("a !b !b !b"), IN_A), 10);
    assertEquals(Map.of("-", 10), counts);
    assertEquals(10, balancers.stat("lb_healthy_panic"));
  }
}
