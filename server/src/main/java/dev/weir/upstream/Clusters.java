package dev.weir.upstream;

import dev.weir.config.ClusterConfig.DnsCacheConfig;
import dev.weir.upstream.dns.DnsCache;
import dev.weir.upstream.dns.DnsCaches;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which clusters there are: one immutable map behind one volatile field.
public final class Clusters {
  private volatile Map<String, Cluster> byName = Map.of();
  private @Nullable DnsCaches caches;
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
  ///
  /// @param next must not change any more: a push of one cluster among ten thousand is not to copy
  ///   them twice
  public void publish(Map<String, Cluster> next) {
    byName = Collections.unmodifiableMap(next);
  }

  /// Asks for those that are not there. Any thread.
  public OnDemandClusters onDemand() {
    return onDemand;
  }

  /// Says who can ask for those that are not there. Main loop only, before workers run.
  public void onDemand(OnDemandClusters asker) {
    onDemand = asker;
  }

  /// The cache of names that this configuration means. Main loop only.
  ///
  /// @throws IllegalStateException if there are no caches
  public DnsCache nameCache(DnsCacheConfig config) {
    if (caches == null) {
      throw new IllegalStateException("nobody looks names up");
    }
    return caches.get(config);
  }

  /// Says where names are looked up. Main loop only.
  public void nameCaches(DnsCaches all) {
    caches = all;
  }
}
