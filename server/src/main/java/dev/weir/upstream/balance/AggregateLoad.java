package dev.weir.upstream.balance;

import dev.weir.upstream.host.HostSet;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The priorities of several clusters in a row, and how the load is spread over them. Priorities
/// without hosts are left out. Immutable; any worker.
public final class AggregateLoad {
  private final @Nullable PriorityLoad load;
  private final int[] clusters;
  private final int[] priorities;

  private AggregateLoad(@Nullable PriorityLoad load, int[] clusters, int[] priorities) {
    this.load = load;
    this.clusters = clusters;
    this.priorities = priorities;
  }

  /// The load over clusters with these hosts, the most wanted first.
  ///
  /// @param panicThreshold in percent; 0 never panics
  public static AggregateLoad of(List<HostTable> tables, int panicThreshold) {
    var sets = new ArrayList<HostSet>();
    var clusters = new ArrayList<Integer>();
    for (int i = 0; i < tables.size(); i++) {
      for (var set : tables.get(i).priorities()) {
        if (!set.hosts().all().isEmpty()) {
          sets.add(set);
          clusters.add(i);
        }
      }
    }
    var whole = new HostTable(List.copyOf(sets), Shape.PLAIN);
    return new AggregateLoad(
        sets.isEmpty() ? null : PriorityLoad.of(whole, panicThreshold),
        clusters.stream().mapToInt(Integer::intValue).toArray(),
        sets.stream().mapToInt(HostSet::priority).toArray());
  }

  /// Chooses a cluster, and bids the request stay within one of its priorities.
  ///
  /// @return which of the clusters; -1 if none has hosts
  public int choose(PickRequest request) {
    if (load == null) {
      return -1;
    }
    int chosen = load.choose(request.draw());
    request.within(priorities[chosen >> 1], (chosen & 1) != 0);
    return clusters[chosen >> 1];
  }
}
