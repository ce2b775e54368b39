package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostList;
import org.jspecify.annotations.Nullable;

/// The host with the fewest active requests, any of them where several tie (`FULL_SCAN`); for
/// evenly weighted hosts. O(n).
final class LeastRequestOfAll implements LoadBalancer {
  private final HostList hosts;

  LeastRequestOfAll(HostList hosts) {
    this.hosts = hosts;
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    Host best = null;
    int least = Integer.MAX_VALUE;
    int tied = 0;
    for (int i = 0; i < hosts.size(); i++) {
      var host = hosts.get(i);
      int active = host.counters().rqActive();
      if (active < least) {
        best = host;
        least = active;
        tied = 1;
      } else if (active == least && request.drawBelow(++tied) == 0) {
        best = host; // Reservoir sampling: each of those that tie has the same chance.
      }
    }
    return best;
  }
}
