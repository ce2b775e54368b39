package dev.weir.upstream;

import dev.weir.upstream.host.HostTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The gateways of which this is one, as the cluster that `local_cluster_name` names has them:
/// zone-aware routing compares other clusters with it. The main loop changes it, any thread reads
/// it.
final class LocalCluster {
  private final String name;
  private final Set<Runnable> watchers = new LinkedHashSet<>();
  private volatile @Nullable HostTable hosts;

  /// @param name empty for none
  LocalCluster(String name) {
    this.name = name;
  }

  /// Whether it is the cluster of this name.
  boolean is(String cluster) {
    return !name.isEmpty() && name.equals(cluster);
  }

  /// The gateways; null as long as they are not known.
  @Nullable HostTable hosts() {
    return hosts;
  }

  /// The gateways have changed.
  void update(HostTable next) {
    hosts = next;
    List.copyOf(watchers).forEach(Runnable::run);
  }

  /// Runs something whenever they change.
  void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  /// Does not run it any more.
  void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }
}
