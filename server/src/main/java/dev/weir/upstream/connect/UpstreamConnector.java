package dev.weir.upstream.connect;

import dev.weir.telemetry.UpstreamRecord;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.balance.SubsetKey;
import dev.weir.upstream.host.Host;
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

  /// Where an attempt goes.
  ///
  /// @param cluster the one that was asked for
  /// @param serving the one whose host it is, which is another if an aggregate was asked for
  public record Target(Cluster cluster, Cluster serving, Host host) {}

  /// Begins an attempt over plain TCP.
  ///
  /// @return the connection that is being made; null if the outcome is known already, and the
  ///   waiter was told
  public @Nullable TcpUpstream connect(String name, SubsetKey subset, Attempt attempt) {
    var target = find(name, subset, attempt);
    if (target == null) {
      return null;
    }
    var serving = target.serving;
    if (!serving.breaker().tryPend()) {
      serving.stats().get(Count.UPSTREAM_RQ_PENDING_OVERFLOW).increment();
      attempt.record().attemptWithoutHost();
      attempt.waiter().onOutcome(new ConnectOutcome.PendingOverflow(target.cluster));
      return null;
    }
    attempt.record().attempt(target.host.facts());
    return new TcpUpstream(target, attempt);
  }

  /// Finds where an attempt may go.
  ///
  /// @return null if it may not go anywhere, and the waiter was told
  public @Nullable Target find(String name, SubsetKey subset, Attempt attempt) {
    var cluster = clusters.find(name);
    if (cluster == null) {
      attempt.waiter().onOutcome(new ConnectOutcome.NoCluster());
      return null;
    }
    attempt.record().cluster(cluster.facts());
    attempt.pick().subset(subset);
    if (!cluster.breaker().allowsConnection()) {
      overflow(cluster, attempt);
      return null;
    }
    var serving = cluster.serving(attempt.pick());
    var host = serving == null ? null : serving.pick(attempt.pick());
    if (serving == null || host == null) {
      cluster.stats().get(Count.UPSTREAM_CX_NONE_HEALTHY).increment();
      attempt.waiter().onOutcome(new ConnectOutcome.NoHealthyHost());
      return null;
    }
    return new Target(cluster, serving, host);
  }

  private static void overflow(Cluster cluster, Attempt attempt) {
    cluster.stats().get(Count.UPSTREAM_CX_OVERFLOW).increment();
    attempt.waiter().onOutcome(new ConnectOutcome.Overflow());
  }
}
