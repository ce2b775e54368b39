package dev.weir.upstream.connect;

import dev.weir.telemetry.ResponseFlag;
import dev.weir.upstream.Cluster;
import org.jspecify.annotations.Nullable;

/// How one attempt to connect to an upstream ended. Failing is a value: it decides the flag, and
/// whether another attempt makes sense.
public sealed interface ConnectOutcome {

  /// The connection stands.
  record Connected(TcpUpstream upstream) implements ConnectOutcome {}

  /// There is no such cluster.
  record NoCluster() implements ConnectOutcome {}

  /// The cluster has no host to offer.
  record NoHealthyHost() implements ConnectOutcome {}

  /// The cluster has as many connections as it may.
  record Overflow() implements ConnectOutcome {}

  /// As many wait for a connection to the cluster as may.
  record PendingOverflow(Cluster cluster) implements ConnectOutcome {}

  /// The host refused, or did not answer in time.
  ///
  /// @param reason what `%UPSTREAM_TRANSPORT_FAILURE_REASON%` prints; null after a timeout
  record Failed(Cluster cluster, @Nullable String reason) implements ConnectOutcome {}

  /// The configured local address cannot be had; the host was not asked.
  ///
  /// @param reason what `%UPSTREAM_TRANSPORT_FAILURE_REASON%` prints
  record NotBound(Cluster cluster, String reason) implements ConnectOutcome {}

  /// What is noted for this attempt; null for nothing.
  default @Nullable ResponseFlag flag() {
    return switch (this) {
      case Connected _, PendingOverflow _, NotBound _ -> null;
      case NoCluster _ -> ResponseFlag.NC;
      case NoHealthyHost _ -> ResponseFlag.UH;
      case Overflow _ -> ResponseFlag.UO;
      case Failed _ -> ResponseFlag.UF;
    };
  }

  /// The cluster of an attempt that may be repeated; null if it may not.
  default @Nullable Cluster retryable() {
    return switch (this) {
      case Connected _, NoCluster _, NoHealthyHost _, Overflow _ -> null;
      case PendingOverflow(var cluster) -> cluster;
      case Failed(var cluster, _) -> cluster;
      case NotBound(var cluster, _) -> cluster;
    };
  }
}
