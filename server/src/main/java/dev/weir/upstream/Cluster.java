package dev.weir.upstream;

import dev.weir.config.ClusterConfig;
import dev.weir.config.EndpointsConfig;
import dev.weir.config.Metadata;
import dev.weir.telemetry.ClusterFacts;
import dev.weir.transport.Dialer;
import dev.weir.upstream.balance.LoadBalancer;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.host.Host;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A live cluster. The main loop owns it; workers pick from it.
///
/// `start`, then `warm` completes, then it may be published; `drain` when another takes its place
/// or it is removed.
public final class Cluster {
  private final ClusterConfig config;
  private final ClusterStats stats;
  private final ClusterFacts facts;
  private final Dialer dialer;
  private final CircuitBreaker breaker = new CircuitBreaker();
  private final CompletableFuture<Void> warm = new CompletableFuture<>();
  private volatile LoadBalancer balancer = LoadBalancer.NONE;

  Cluster(ClusterConfig config, ClusterStats stats) {
    this.config = config;
    this.stats = stats;
    this.facts = new ClusterFacts(config.name(), config.statName(), Metadata.NONE);
    this.dialer = new Dialer(config.upstream());
  }

  /// What it was made of.
  public ClusterConfig config() {
    return config;
  }

  /// Begins to find hosts. Main loop only, once.
  public void start() {}

  /// Completes on the main loop, when the first hosts are known and checked or have been waited for
  /// long enough.
  public CompletableFuture<Void> warm() {
    return warm;
  }

  /// What EDS says now. Main loop only; for a cluster whose discovery is EDS.
  public void updateEndpoints(EndpointsConfig endpoints) {}

  /// EDS has not said anything in time: warm without hosts. Main loop only.
  public void initialFetchTimedOut() {}

  /// No new picks are to be expected: discovery and checks end, the hosts stay known to the
  /// connections they have. Main loop only.
  public void drain() {}

  /// The host for one connect attempt; null where there is none (`UH`). Any worker, its own
  /// request.
  public @Nullable Host pick(PickRequest request) {
    return balancer.pick(request);
  }

  /// Its limits. Any thread.
  public CircuitBreaker breaker() {
    return breaker;
  }

  /// How to connect to its hosts. Any worker.
  public Dialer dialer() {
    return dialer;
  }

  /// What records say of it.
  public ClusterFacts facts() {
    return facts;
  }

  /// Its counters. Any thread.
  public ClusterStats stats() {
    return stats;
  }
}
