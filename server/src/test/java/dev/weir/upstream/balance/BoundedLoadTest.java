package dev.weir.upstream.balance;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.weir.config.LbConfig.Hashing;
import dev.weir.config.LbConfig.Policy;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.TestHosts;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BoundedLoadTest {
  private static final long HASH = 42;

  private final TestBalancers balancers =
      new TestBalancers(new Policy.Maglev(251, new Hashing(false, 150)));
  private final List<Host> hosts = TestHosts.hosts(5);
  private final LoadBalancer balancer = balancers.build(hosts);
  private Host first = hosts.getFirst();

  @BeforeEach
  void findTheHostOfTheHash() {
    first = pick();
  }

  private Host pick() {
    var host = balancer.pick(balancers.request().hash(HASH));
    assertNotNull(host);
    return host;
  }

  private void load(Host host, int requests) {
    for (int i = 0; i < requests; i++) {
      host.counters().requestStarted();
      balancers.stats.scope("cluster.c").gauge("upstream_rq_active").increment();
    }
  }

  @Test
  void aHostWithItsShareIsUsed() {
    hosts.forEach(host -> load(host, 10));
    assertSame(first, pick());
  }

  @Test
  void aHostWithMoreThanItsShareIsPassedOver() {
    hosts.forEach(host -> load(host, 10));
    load(first, 10);
    var second = pick();
    assertNotSame(first, second);
    assertSame(second, pick(), "a hash overflows to the same host");
  }

  @Test
  void theNextOneMayBeOverloadedToo() {
    hosts.forEach(host -> load(host, 10));
    load(first, 40);
    var second = pick();
    load(second, 40);
    var third = pick();
    assertNotSame(first, third);
    assertNotSame(second, third);
  }

  @Test
  void ifAllAreOverloadedTheLeastOverloadedIsUsed() {
    // The cluster's own count lags behind, so that every host seems to have too much.
    for (var host : hosts) {
      for (int i = 0; i < 10; i++) {
        host.counters().requestStarted();
      }
    }
    var least = hosts.stream().filter(host -> host != first).findFirst().orElseThrow();
    least.counters().requestEnded();
    assertSame(least, pick());
  }
}
