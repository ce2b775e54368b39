package dev.weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Resources;
import dev.weir.proto.OnUnknown;
import dev.weir.telemetry.Stats;
import dev.weir.transport.tls.TestTransports;
import dev.weir.upstream.ClusterFactory;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.health.FakeProbes;
import dev.weir.xds.ApiConfig;
import dev.weir.xds.ClientConfig;
import dev.weir.xds.ControlPlaneObserver;
import dev.weir.xds.Rejected;
import dev.weir.xds.Update;
import dev.weir.xds.XdsClient;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClusterManagerTest {
  private final ManualLoop loop = new ManualLoop();
  private final Stats stats = new Stats();
  private final Clusters published = new Clusters();
  private final ClusterManager manager =
      new ClusterManager(
          new ClusterManager.Dependencies(
              loop,
              silentControlPlane(),
              Resources.of(OnUnknown.WARN),
              new ClusterFactory(
                  new ClusterFactory.Dependencies(
                      loop,
                      stats,
                      ClusterFactory.Gateway.alone(1),
                      (_, _) -> {
                        throw new AssertionError("no name is looked up here");
                      },
                      new SplittableRandom(1),
                      TestTransports.of(loop),
                      new FakeProbes().health(loop, stats))),
              published,
              stats,
              new ConfigNotes(stats, true)));

  /// Is asked, and never answers.
  private XdsClient silentControlPlane() {
    return new XdsClient(
        loop,
        new ClientConfig(Node.getDefaultInstance(), ApiConfig.of("none", true), OnUnknown.WARN),
        _ -> null,
        ControlPlaneObserver.NONE);
  }

  private long count(String name) {
    return stats.scope("cluster_manager").counter(name).value();
  }

  private long gauge(String name) {
    return stats.scope("cluster_manager").gauge(name).value();
  }

  private List<Rejected> apply(
      Update<dev.weir.config.Checked<dev.weir.config.ClusterConfig>> push) {
    var rejected = manager.apply(push);
    loop.run();
    return rejected;
  }

  @Test
  void whatIsPushedIsPublishedOnceItIsWarm() {
    assertEquals(List.of(), apply(Resource.changed(Resource.cluster("a", 1))));
    assertTrue(published.find("a") != null);
    assertEquals(1, gauge("active_clusters"));
    assertEquals(1, count("cluster_added"));
  }

  @Test
  void theOldClusterServesUntilTheEndpointsOfTheNewAreKnown() {
    apply(Resource.changed(Resource.cluster("a", 1)));
    var old = published.find("a");
    apply(Resource.changed(Resource.edsCluster("a")));
    assertSame(old, published.find("a"));
    assertEquals(1, gauge("warming_clusters"));
    assertEquals(1, count("cluster_modified"));
    loop.advance(Duration.ofSeconds(15)); // the control plane does not answer
    assertFalse(published.find("a") == old);
    assertEquals(0, gauge("warming_clusters"));
  }

  @Test
  void aClusterThatIsRemovedWhileItWarmsNeverServes() {
    apply(Resource.changed(Resource.edsCluster("a")));
    apply(Resource.removed("a"));
    loop.advance(Duration.ofMinutes(1));
    assertNull(published.find("a"));
    assertEquals(1, count("cluster_removed"));
  }

  @Test
  void aClusterOfTheStartConfigurationStaysAsItIs() {
    manager.addPrimary(List.of(Resource.cluster("a", 1)));
    loop.run();
    var first = published.find("a");
    apply(Resource.changed(Resource.cluster("a", 2)));
    assertSame(first, published.find("a"));
    apply(Resource.removed("a"));
    assertSame(first, published.find("a"));
    assertEquals(0, count("cluster_modified"));
  }

  @Test
  void clustersThatNeedTheControlPlaneComeAfterThoseThatDoNot() {
    var all = List.of(Resource.edsCluster("b"), Resource.cluster("a", 1));
    var primary = manager.addPrimary(all);
    loop.run();
    assertTrue(primary.isDone());
    assertTrue(published.find("a") != null);
    var secondary = manager.addSecondary(all);
    loop.run();
    assertFalse(secondary.isDone());
    loop.advance(Duration.ofSeconds(15));
    assertTrue(secondary.isDone());
  }

  @Test
  void onlyAPushThatIsAppliedWholeSetsTheVersion() {
    apply(Resource.changed(Resource.cluster("a", 1)));
    assertEquals("1", manager.version());
    apply(
        new Update<>(
            List.of(Resource.cluster("b", 1)), List.of(), List.of(new Rejected("c", "bad")), "2"));
    assertEquals("1", manager.version());
    assertTrue(published.find("b") != null);
  }
}
