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
    int least = Integer.MAX_VALUE;
    int tied = 0;
    for (int i = 0; i < hosts.size(); i++) {
      int active = hosts.get(i).counters().rqActive();
      if (active < least) {
        least = active;
        tied = 1;
      } else if (active == least) {
        tied++;
      }
    }
    return tied == 0 ? null : tied(least, request.drawBelow(tied));
  }

  /// One of the hosts with so many requests; another where these have become more meanwhile.
  private Host tied(int least, int number) {
    int left = number;
    int from = 0;
    for (int i = 0; i < hosts.size(); i++) {
      if (hosts.get(i).counters().rqActive() == least) {
        from = i;
        if (left-- == 0) {
          break;
        }
      }
    }
    return hosts.get(from);
  }
}
