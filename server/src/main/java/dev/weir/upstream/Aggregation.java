package dev.weir.upstream;

import dev.weir.upstream.balance.AggregateLoad;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.host.HostTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of several clusters serves for an aggregate. Any worker.
///
/// What was worked out is kept until a cluster comes, goes or changes its hosts; to see that takes
/// one lookup for each.
final class Aggregation {
  private final List<String> names;
  private final Clusters clusters;
  private final int panicThreshold;
  private volatile Snapshot latest =
      new Snapshot(List.of(), List.of(), AggregateLoad.of(List.of(), 0));

  /// The clusters as they stood at one moment.
  private record Snapshot(List<Cluster> members, List<HostTable> tables, AggregateLoad load) {}

  /// @param names of the clusters, the most wanted first
  /// @param clusters where they are found
  /// @param panicThreshold in percent
  Aggregation(List<String> names, Clusters clusters, int panicThreshold) {
    this.names = names;
    this.clusters = clusters;
    this.panicThreshold = panicThreshold;
  }

  /// The cluster for one pick, which is bidden to stay within one of its priorities; null if none
  /// has hosts.
  @Nullable Cluster choose(PickRequest request) {
    var now = latest;
    if (!isCurrent(now)) {
      now = take();
      latest = now;
    }
    int chosen = now.load.choose(request);
    return chosen < 0 ? null : now.members.get(chosen);
  }

  @SuppressWarnings("ReferenceEquality") // a table is made anew whenever anything changes
  private boolean isCurrent(Snapshot known) {
    int i = 0;
    for (var name : names) {
      var cluster = clusters.find(name);
      if (cluster == null) {
        continue;
      }
      if (i == known.members.size()
          || known.members.get(i) != cluster
          || known.tables.get(i) != cluster.table()) {
        return false;
      }
      i++;
    }
    return i == known.members.size();
  }

  private Snapshot take() {
    var members = new ArrayList<Cluster>();
    var tables = new ArrayList<HostTable>();
    for (var name : names) {
      var cluster = clusters.find(name);
      if (cluster != null) {
        members.add(cluster);
        tables.add(cluster.table());
      }
    }
    return new Snapshot(
        List.copyOf(members), List.copyOf(tables), AggregateLoad.of(tables, panicThreshold));
  }
}
