package dev.weir.upstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which clusters there are: one immutable map behind one volatile field.
public final class Clusters {
  private volatile Map<String, Cluster> byName = Map.of();
  private volatile OnDemandClusters onDemand =
      (_, worker, waiter) ->
          worker.execute(() -> waiter.onDiscovery(OnDemandClusters.Discovery.MISSING));

  /// The cluster of this name; null where there is none, or none that is warm. Any thread.
  public @Nullable Cluster find(String name) {
    return byName.get(name);
  }

  /// All of them. Any thread.
  public Map<String, Cluster> all() {
    return byName;
  }

  /// Makes these the clusters from now on. Main loop only.
  public void publish(Map<String, Cluster> next) {
    byName = Map.copyOf(next);
  }

  /// Asks for those that are not there. Any thread.
  public OnDemandClusters onDemand() {
    return onDemand;
  }

  /// Says who can ask for those that are not there. Main loop only, before workers run.
  public void onDemand(OnDemandClusters asker) {
    onDemand = asker;
  }
}
