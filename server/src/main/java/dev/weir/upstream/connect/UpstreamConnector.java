package dev.weir.upstream.connect;

import dev.weir.telemetry.UpstreamRecord;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.balance.SubsetKey;
import org.jspecify.annotations.Nullable;

/// Makes one attempt: finds the cluster, asks its circuit breaker, picks a host, connects. Any
/// worker.
public final class UpstreamConnector {
  private final Clusters clusters;

  /// @param clusters what an attempt may name
  public UpstreamConnector(Clusters clusters) {
    this.clusters = clusters;
  }

  /// What an attempt is made for.
  public record Attempt(
      Worker worker, PickRequest pick, UpstreamRecord record, TcpUpstream.Waiter waiter) {}

  /// Begins an attempt.
  ///
  /// @return the connection that is being made; null if the outcome is known already, and the
  ///   waiter was told
  public @Nullable TcpUpstream connect(String name, SubsetKey subset, Attempt attempt) {
    var cluster = clusters.find(name);
    if (cluster == null) {
      attempt.waiter().onOutcome(new ConnectOutcome.NoCluster());
      return null;
    }
    attempt.record().cluster(cluster.facts());
    attempt.pick().subset(subset);
    return connect(cluster, attempt);
  }

  private @Nullable TcpUpstream connect(Cluster cluster, Attempt attempt) {
    if (!cluster.breaker().allowsConnection()) {
      return overflow(cluster, attempt);
    }
    var host = cluster.pick(attempt.pick());
    if (host == null) {
      cluster.stats().get(Count.UPSTREAM_CX_NONE_HEALTHY).increment();
      attempt.waiter().onOutcome(new ConnectOutcome.NoHealthyHost());
      return null;
    }
    if (!cluster.breaker().allowsConnectionTo(host)) {
      return overflow(cluster, attempt);
    }
    if (!cluster.breaker().tryPend()) {
      cluster.stats().get(Count.UPSTREAM_RQ_PENDING_OVERFLOW).increment();
      attempt.record().attemptWithoutHost();
      attempt.waiter().onOutcome(new ConnectOutcome.PendingOverflow(cluster));
      return null;
    }
    attempt.record().attempt(host.facts());
    return new TcpUpstream(cluster, host, attempt.worker(), attempt.waiter());
  }

  private static @Nullable TcpUpstream overflow(Cluster cluster, Attempt attempt) {
    cluster.stats().get(Count.UPSTREAM_CX_OVERFLOW).increment();
    attempt.waiter().onOutcome(new ConnectOutcome.Overflow());
    return null;
  }
}
