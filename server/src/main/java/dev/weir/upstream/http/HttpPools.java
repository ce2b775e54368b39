package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;
import dev.weir.config.UpstreamHttpConfig;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.connect.PoolsByWorker;
import dev.weir.upstream.host.Host;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The HTTP connections to the hosts of one cluster: each worker has its own, pooled for each host
/// and protocol. Any worker asks for streams of its own.
public final class HttpPools {
  private final Cluster cluster;
  private final PoolsByWorker<WorkerPools> workers;

  /// @param workers how many workers there are
  public HttpPools(Cluster cluster, int workers) {
    this.cluster = cluster;
    this.workers = new PoolsByWorker<>(workers, worker -> new WorkerPools(cluster, worker));
  }

  /// Asks for a stream to a host that was picked. It waits if need be; whoever asks does not keep
  /// any time, the connect timeout is kept here.
  ///
  /// @param waiter is told what came of it
  /// @return what to cancel the waiting by; null if the waiter has been told already
  public @Nullable PendingStream newStream(
      Worker worker, Host host, StreamRequest request, StreamWaiter waiter) {
    var pools = workers.of(worker);
    var protocol = protocol(request.downstream());
    var pool = pools.pool(WorkerPools.Key.of(host, protocol, request, config().sni().enabled()));
    if (pool == null) {
      pools.stats().poolOverflow.increment();
      waiter.onOutcome(new StreamOutcome.Overflow());
      return null;
    }
    return pool.ask(waiter);
  }

  /// What will be spoken on a new stream; null if it is found out by ALPN.
  public @Nullable HttpProtocol protocol(HttpProtocol downstream) {
    return switch (config().choice()) {
      case HTTP1 -> HttpProtocol.HTTP1;
      case HTTP2 -> HttpProtocol.HTTP2;
      case DOWNSTREAM -> downstream;
      case ALPN -> null;
    };
  }

  private UpstreamHttpConfig config() {
    return cluster.config().http();
  }

  /// The cluster takes no more picks: idle connections close, the others once they are idle. Main
  /// loop only.
  public void drain() {
    workers.drain();
  }

  /// These hosts are gone: their connections end as with [#drain]. Main loop only.
  public void drain(Collection<Host> hosts) {
    workers.drain(hosts);
  }
}
