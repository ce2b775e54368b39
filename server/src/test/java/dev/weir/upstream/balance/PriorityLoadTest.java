package dev.weir.upstream.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import dev.weir.upstream.host.TestHosts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorityLoadTest {

  /// @param priorities each as `healthy/degraded/all`
  private static HostTable table(String priorities, Shape like) {
    var hosts = new ArrayList<Host>();
    var levels = priorities.split(" +", -1);
    for (int level = 0; level < levels.length; level++) {
      var numbers = levels[level].split("/", -1);
      int healthy = Integer.parseInt(numbers[0]);
      int degraded = Integer.parseInt(numbers[1]);
      for (int i = 0; i < Integer.parseInt(numbers[2]); i++) {
        var health =
            i < healthy
                ? Health.HEALTHY
                : i < healthy + degraded ? Health.DEGRADED : Health.UNHEALTHY;
        hosts.add(
            TestHosts.host("10." + level + "." + i / 250 + "." + i % 250 + ":80")
                .priority(level)
                .health(health)
                .make());
      }
    }
    var shape =
        new Shape(
            levels.length, like.overprovisioning(), like.weightedHealth(), List.of(), like.local());
    return HostTable.arrange(hosts, shape);
  }

  private static String load(String priorities, int panicThreshold) {
    return PriorityLoad.of(table(priorities, Shape.PLAIN), panicThreshold).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Two priorities, by how many of a hundred hosts are healthy.
        "100/0/100 100/0/100 | 100 0   | 0 0",
        "72/0/100 100/0/100  | 100 0   | 0 0",
        "71/0/100 100/0/100  | 99 1    | 0 0",
        "50/0/100 100/0/100  | 70 30   | 0 0",
        "25/0/100 100/0/100  | 35 65   | 0 0",
        "0/0/100 100/0/100   | 0 100   | 0 0",
        // Three.
        "100/0/100 100/0/100 100/0/100 | 100 0 0  | 0 0 0",
        "72/0/100 72/0/100 100/0/100   | 100 0 0  | 0 0 0",
        "71/0/100 71/0/100 100/0/100   | 99 1 0   | 0 0 0",
        "50/0/100 50/0/100 50/0/100    | 70 30 0  | 0 0 0",
        "25/0/100 25/0/100 100/0/100   | 35 35 30 | 0 0 0",
        // Not enough anywhere: what there is counts as a hundred.
        "25/0/100 25/0/100 20/0/100    | 37 35 28 | 0 0 0",
        // A priority without hosts bears nothing.
        "0/0/0 100/0/100 | 0 100 | 0 0",
        // Degraded hosts come when all healthy ones have their share.
        "100/0/100 0/100/100 | 100 0 | 0 0",
        "60/40/100 0/0/0     | 84 0  | 16 0",
        "50/50/100 20/0/100  | 70 28 | 2 0",
        "0/100/100 0/100/100 | 0 0   | 100 0",
        "0/50/100 0/50/100   | 0 0   | 70 30",
        "25/25/100 0/100/100 | 35 0  | 35 30",
      })
  void healthyHostsBearTheLoadPriorityByPriority(
      String priorities, String healthy, String degraded) {
    int n = priorities.trim().split(" +", -1).length;
    assertEquals(
        "healthy " + list(healthy) + ", degraded " + list(degraded) + ", panic " + panic(n),
        load(priorities, 0));
  }

  private static String list(String numbers) {
    return List.of(numbers.trim().split(" +", -1)).toString();
  }

  private static String panic(int priorities, Integer... panicking) {
    var flags = new ArrayList<Boolean>();
    for (int i = 0; i < priorities; i++) {
      flags.add(List.of(panicking).contains(i));
    }
    return flags.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Together they bear everything: no panic, however few are left of one.
        "72/0/100 72/0/100 | 100 0 | [false, false]",
        "5/0/100 100/0/100 | 7 93  | [false, false]",
        // Together they do not: panic where fewer than the threshold are well.
        "5/0/100 65/0/100  | 8 92  | [true, false]",
        "51/0/100 0/0/100  | 100 0 | [false, true]",
        // Panic everywhere: by the number of hosts.
        "25/0/100 25/0/100 | 50 50 | [true, true]",
        "0/0/100 0/0/300   | 25 75 | [true, true]",
        "0/0/1 0/0/2       | 34 66 | [true, true]",
        "0/0/0 0/0/3       | 0 100 | [true, true]",
        "0/0/0 0/0/0       | 100 0 | [true, true]",
        // Degraded hosts keep a priority from panic.
        "20/30/100 0/0/0   | 40 0  | [false, true]",
      })
  void aPriorityWithTooFewHostsWellIsInPanic(String priorities, String healthy, String panic) {
    var load = load(priorities, 50);
    assertEquals(list(healthy), load.substring("healthy ".length(), load.indexOf(']') + 1));
    assertEquals(panic, load.substring(load.indexOf("panic ") + "panic ".length()));
  }

  @Test
  void withoutPanicAClusterWithoutHealthyHostsHasNone() {
    assertEquals(
        "healthy [100, 0], degraded [0, 0], panic [false, false]", load("0/0/10 0/0/10", 0));
  }

  @Test
  void theOverprovisioningFactorSaysHowMuchAPriorityBears() {
    var shape = new Shape(1, 100, false, List.of(), Shape.PLAIN.local());
    assertEquals(
        "healthy [72, 28], degraded [0, 0], panic [false, false]",
        PriorityLoad.of(table("72/0/100 100/0/100", shape), 50).toString());
  }

  @Test
  void healthMayGoByWeight() {
    var hosts =
        List.of(
            TestHosts.host("10.0.0.1:80").weight(3).health(Health.UNHEALTHY).make(),
            TestHosts.host("10.0.0.2:80").make(),
            TestHosts.host("10.0.0.3:80").priority(1).make());
    var shape = new Shape(2, 140, true, List.of(), Shape.PLAIN.local());
    assertEquals(
        "healthy [35, 65], degraded [0, 0], panic [false, false]",
        PriorityLoad.of(HostTable.arrange(hosts, shape), 50).toString());
  }

  @Test
  void everyHundredthGoesToItsPriority() {
    var load = PriorityLoad.of(table("25/25/100 0/100/100", Shape.PLAIN), 0);
    var shares = new int[4];
    for (long hash = -50; hash < 50; hash++) {
      shares[load.choose(hash + 100 * (1L << 40))]++;
    }
    assertEquals(35, shares[0]);
    assertEquals(35, shares[1]);
    assertEquals(0, shares[2]);
    assertEquals(30, shares[3]);
  }
}
