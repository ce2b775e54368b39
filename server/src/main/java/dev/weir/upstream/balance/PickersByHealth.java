package dev.weir.upstream.balance;

import dev.weir.upstream.host.HostsByHealth;
import org.jspecify.annotations.Nullable;

/// Balancers over the hosts of a priority or of a locality: all of them, the healthy and the
/// degraded ones.
record PickersByHealth(LoadBalancer all, LoadBalancer healthy, LoadBalancer degraded) {

  static PickersByHealth of(
      HostsByHealth hosts, ListPolicy policy, @Nullable PickersByHealth before) {
    return new PickersByHealth(
        policy.over(hosts.all(), before == null ? null : before.all),
        policy.over(hosts.healthy(), before == null ? null : before.healthy),
        policy.over(hosts.degraded(), before == null ? null : before.degraded));
  }

  LoadBalancer available(boolean wantDegraded) {
    return wantDegraded ? degraded : healthy;
  }
}
