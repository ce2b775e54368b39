package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import org.jspecify.annotations.Nullable;

/// Chooses a host. Built whole when hosts change and published to every worker; apart from cursors,
/// of which each worker has its own, it never changes.
@FunctionalInterface
public interface LoadBalancer {
  /// Knows no hosts.
  LoadBalancer NONE = _ -> null;

  /// The host for one connect attempt; null where there is none to be had. Called on the worker of
  /// the request; allocates nothing.
  @Nullable Host pick(PickRequest request);

  /// What [#pick] would do. Main loop only.
  default PickTrail explain(PickRequest request) {
    return PickTrail.NONE;
  }
}
