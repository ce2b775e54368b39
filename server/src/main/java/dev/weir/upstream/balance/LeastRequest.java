package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostList;
import org.jspecify.annotations.Nullable;

/// Of some hosts drawn by chance, the one with the fewest active requests; for evenly weighted
/// hosts.
///
/// A connection counts once it stands. Attempts under way do not count, as in Envoy, so that a
/// burst that is quicker than connecting is spread as by chance.
final class LeastRequest implements LoadBalancer {
  private final HostList hosts;
  private final int choices;

  /// @param choices how many hosts are drawn, at least 2; the same one may come twice
  LeastRequest(HostList hosts, int choices) {
    this.hosts = hosts;
    this.choices = choices;
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    if (hosts.isEmpty()) {
      return null;
    }
    var best = hosts.get(request.drawBelow(hosts.size()));
    for (int i = 1; i < choices; i++) {
      var other = hosts.get(request.drawBelow(hosts.size()));
      if (other.counters().rqActive() < best.counters().rqActive()) {
        best = other;
      }
    }
    return best;
  }
}
