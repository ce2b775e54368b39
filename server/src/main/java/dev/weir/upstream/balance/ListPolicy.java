package dev.weir.upstream.balance;

import dev.weir.upstream.host.HostList;
import org.jspecify.annotations.Nullable;

/// How to pick from one plain list of hosts.
@FunctionalInterface
interface ListPolicy {
  /// A balancer over these hosts.
  ///
  /// @param before what served the same priority, locality and health until now: where it stands in
  ///   its rotation is kept
  LoadBalancer over(HostList hosts, @Nullable LoadBalancer before);
}
