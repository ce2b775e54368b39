package dev.weir.upstream.balance;

import dev.weir.config.LbConfig;
import dev.weir.upstream.host.HostTable;
import org.jspecify.annotations.Nullable;

/// Makes the balancers of one cluster, one after the other as its hosts change.
public interface Balancers {

  /// A balancer over these hosts.
  ///
  /// @param before the one that it follows: what has not changed is kept, so are rotations
  LoadBalancer build(HostTable table, @Nullable LoadBalancer before);

  /// Gives up what is counted for a balancer that nothing follows.
  default void retire(LoadBalancer last) {}

  /// Makes balancers as a cluster's configuration wants them.
  static Balancers of(LbConfig config, BalancerStats stats, Surroundings surroundings) {
    var inner = new PolicyBalancers(config.policy(), config.common(), stats, surroundings);
    var subsets = config.subsets();
    return subsets == null ? inner : new SubsetBalancers(subsets, inner, stats, surroundings);
  }
}
