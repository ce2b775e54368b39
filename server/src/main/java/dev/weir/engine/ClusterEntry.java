package dev.weir.engine;

import dev.weir.config.ClusterConfig;
import dev.weir.upstream.Cluster;
import dev.weir.xds.Subscription;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A live cluster in the engine's hands: with where it comes from, and with its subscription to its
/// endpoints, which it has for as long as it lives. Main loop only.
public final class ClusterEntry implements WarmingMap.Member {
  private final Origin<ClusterConfig> origin;
  private final Cluster cluster;
  private @Nullable Subscription endpoints;

  ClusterEntry(Origin<ClusterConfig> origin, Cluster cluster) {
    this.origin = origin;
    this.cluster = cluster;
  }

  /// Where it comes from.
  public Origin<ClusterConfig> origin() {
    return origin;
  }

  /// The cluster itself.
  public Cluster cluster() {
    return cluster;
  }

  /// Keeps what is to be closed with it.
  void endpoints(Subscription subscription) {
    endpoints = subscription;
  }

  @Override
  public CompletableFuture<Void> warm() {
    return cluster.warm();
  }

  @Override
  public void drain() {
    if (endpoints != null) {
      endpoints.close();
    }
    cluster.drain();
  }
}
