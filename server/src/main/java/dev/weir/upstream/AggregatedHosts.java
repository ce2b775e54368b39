package dev.weir.upstream;

import dev.weir.upstream.balance.LoadBalancer;
import dev.weir.upstream.host.HostTable;
import org.jspecify.annotations.Nullable;

/// An aggregate cluster has no hosts of its own; see [Aggregation].
final class AggregatedHosts implements ProvidedHosts {
  private @Nullable Finder finder;

  @Override
  public void into(Finder listener) {
    finder = listener;
  }

  @Override
  public void start() {
    if (finder != null) {
      finder.ready();
    }
  }

  @Override
  public void stop() {}

  @Override
  public LoadBalancer build(HostTable table, @Nullable LoadBalancer before) {
    return LoadBalancer.NONE;
  }
}
