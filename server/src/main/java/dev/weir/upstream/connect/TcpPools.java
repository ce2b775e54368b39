package dev.weir.upstream.connect;

import dev.weir.transport.DialOptions;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.host.Host;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The TCP connections to the hosts of one cluster that are made ahead of need
/// (`preconnect_policy`). Each worker has its own. Any worker asks for its own.
public final class TcpPools {
  private final Cluster cluster;
  private final PoolsByWorker<WorkerTcpPools> workers;

  /// @param workers how many workers there are
  public TcpPools(Cluster cluster, int workers) {
    this.cluster = cluster;
    this.workers = new PoolsByWorker<>(workers, worker -> new WorkerTcpPools(cluster, worker));
  }

  /// A host that an earlier connection has foreseen for this pick; null if there is none.
  public @Nullable Host foreseen(PickRequest request) {
    var mine = workers.ifMade(request.worker());
    return mine == null ? null : mine.foreseen();
  }

  /// Connections such as these; null if they cannot be made before one knows for whom.
  ///
  /// @param request that has led to the host, and foretells where the next ones lead
  @Nullable TcpPool pool(Worker worker, Host host, DialOptions asked, PickRequest request) {
    if (cluster.transport(host).introduces()) {
      return null;
    }
    var mine = workers.of(worker);
    mine.predict(request, asked);
    return mine.pool(host, asked);
  }

  /// The cluster takes no more picks: connections that nobody uses close. Main loop only.
  public void drain() {
    workers.drain();
  }

  /// Connections to these hosts that nobody uses close. Main loop only.
  public void drain(Collection<Host> hosts) {
    workers.drain(hosts);
  }
}
