package dev.weir.upstream;

import dev.weir.xds.ConfigSource;
import java.time.Duration;
import java.util.concurrent.Executor;

/// Asks for clusters that nobody has told of yet (on-demand CDS).
public interface OnDemandClusters {

  /// How it ended.
  enum Discovery {
    /// The cluster is there, and warm.
    AVAILABLE,
    /// The control plane has no such cluster.
    MISSING,
    /// Nobody has answered in time.
    TIMEOUT
  }

  /// A question.
  ///
  /// @param name of the cluster
  /// @param timeout how long to wait
  record Question(String name, ConfigSource source, Duration timeout) {}

  /// Who wants to know.
  @FunctionalInterface
  interface Waiter {
    /// Called once.
    void onDiscovery(Discovery discovery);
  }

  /// Asks. Any thread.
  ///
  /// @param worker where the waiter is told
  void find(Question question, Executor worker, Waiter waiter);
}
