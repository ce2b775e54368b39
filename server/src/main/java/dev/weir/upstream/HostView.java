package dev.weir.upstream;

import dev.weir.upstream.balance.LoadBalancer;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.balance.PickTrail;
import dev.weir.upstream.balance.SubsetKey;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What all threads see of a cluster's hosts. The main loop publishes, anybody reads.
final class HostView {
  private volatile State state =
      new State(HostTable.arrange(List.of(), Shape.PLAIN), LoadBalancer.NONE);

  private final int workers;

  HostView(int workers) {
    this.workers = workers;
  }

  private record State(HostTable table, LoadBalancer balancer) {}

  void publish(HostTable table, LoadBalancer balancer) {
    state = new State(table, balancer);
  }

  @Nullable Host pick(PickRequest request) {
    return state.balancer.pick(request);
  }

  /// What a pick would do. Main loop only, which balancers know as one more thread behind the
  /// workers.
  PickTrail explain(SubsetKey subset, @Nullable Long hash) {
    var request = new PickRequest(workers, new SplittableRandom()).subset(subset);
    if (hash != null) {
      request.hash(hash);
    }
    return state.balancer.explain(request);
  }

  HostTable table() {
    return state.table;
  }
}
