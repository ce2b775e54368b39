package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;
import dev.weir.transport.Introduction;
import dev.weir.transport.Worker;
import dev.weir.upstream.CircuitBreaker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.connect.PoolsByWorker;
import dev.weir.upstream.host.Host;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The HTTP pools that one worker has for one cluster. A pool exists as long as it has a
/// connection, or somebody waits for one. That worker only.
final class WorkerPools implements PoolsByWorker.Pools {
  private final Cluster cluster;
  private final Worker worker;
  private final HttpStats stats;
  private final Map<Key, HttpPool> pools = new HashMap<>();
  private boolean draining;

  /// What makes connections different, so that a request for one may not have the other.
  ///
  /// @param protocol null if ALPN decides
  /// @param serverName the SNI; empty for the transport's own
  /// @param introduction what a PROXY header tells; null for nothing
  /// @param offers what is offered by ALPN; empty for what is configured
  record Key(
      Host host,
      @Nullable HttpProtocol protocol,
      String serverName,
      boolean highPriority,
      List<String> offers,
      @Nullable Introduction introduction) {
    /// @param named whether the SNI is the request's host (`auto_sni`)
    static Key of(
        Host host, @Nullable HttpProtocol protocol, StreamRequest request, boolean named) {
      return new Key(
          host,
          protocol,
          named ? request.serverName() : "",
          request.highPriority(),
          request.offers(),
          request.introduction());
    }
  }

  WorkerPools(Cluster cluster, Worker worker) {
    this.cluster = cluster;
    this.worker = worker;
    this.stats = new HttpStats(cluster.stats());
  }

  /// The pool for such connections; null if there may be no further one (`max_connection_pools`).
  @Nullable HttpPool pool(Key key) {
    var pool = pools.get(key);
    if (pool == null && mayOpen(key, cluster.breaker(key.highPriority))) {
      pool = new HttpPool(this, key, draining);
      pools.put(key, pool);
    }
    return pool;
  }

  /// A pool that nobody uses makes room for another to the same host.
  private boolean mayOpen(Key key, CircuitBreaker breaker) {
    if (breaker.tryPool()) {
      return true;
    }
    for (var pool : List.copyOf(pools.values())) {
      if (pool.key().host().equals(key.host) && pool.isIdle()) {
        pool.drain();
        return breaker.tryPool();
      }
    }
    return false;
  }

  /// A pool has nothing left.
  void remove(HttpPool pool) {
    if (pools.remove(pool.key(), pool)) {
      cluster.breaker(pool.key().highPriority).poolEnded();
    }
  }

  @Override
  public void drain() {
    draining = true;
    List.copyOf(pools.values()).forEach(HttpPool::drain);
  }

  @Override
  public void drain(Collection<Host> hosts) {
    for (var pool : List.copyOf(pools.values())) {
      if (hosts.contains(pool.key().host())) {
        pool.drain();
      }
    }
  }

  Cluster cluster() {
    return cluster;
  }

  @Override
  public Worker worker() {
    return worker;
  }

  HttpStats stats() {
    return stats;
  }
}
