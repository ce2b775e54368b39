package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostCounters;
import dev.weir.upstream.host.HostList;
import org.jspecify.annotations.Nullable;

/// The host with the fewest active requests, any of them where several tie (`FULL_SCAN`); for
/// evenly weighted hosts. O(n).
final class LeastRequestOfAll implements LoadBalancer {
  private final HostList hosts;

  /// Those of the hosts, so that a look at each is one step and not two.
  private final HostCounters[] counters;

  LeastRequestOfAll(HostList hosts) {
    this.hosts = hosts;
    this.counters = new HostCounters[hosts.size()];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = hosts.get(i).counters();
    }
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    int least = Integer.MAX_VALUE;
    int tied = 0;
    int first = 0;
    for (int i = 0; i < counters.length; i++) {
      int active = counters[i].rqActive();
      if (active < least) {
        least = active;
        tied = 1;
        first = i;
      } else if (active == least) {
        tied++;
      }
    }
    return tied == 0 ? null : tied(least, first, request.drawBelow(tied));
  }

  /// One of the hosts with so many requests; another where these have become more meanwhile.
  ///
  /// @param first the first of them
  private Host tied(int least, int first, int number) {
    int left = number;
    int from = first;
    for (int i = first; i < counters.length; i++) {
      if (counters[i].rqActive() == least) {
        from = i;
        if (left-- == 0) {
          break;
        }
      }
    }
    return hosts.get(from);
  }
}
