package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostList;
import org.jspecify.annotations.Nullable;

/// Any host; weights do not count.
final class RandomPick implements LoadBalancer {
  private final HostList hosts;

  RandomPick(HostList hosts) {
    this.hosts = hosts;
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    return hosts.isEmpty() ? null : hosts.get(request.drawBelow(hosts.size()));
  }
}
