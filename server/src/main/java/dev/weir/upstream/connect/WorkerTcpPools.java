package dev.weir.upstream.connect;

import dev.weir.config.LbConfig.Policy;
import dev.weir.config.PreconnectConfig;
import dev.weir.transport.DialOptions;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The TCP connections of one worker to the hosts of one cluster that are made ahead of need. That
/// worker only.
final class WorkerTcpPools implements PoolsByWorker.Pools {
  /// How many connections are made ahead at once.
  static final int MOST_AT_ONCE = 3;

  private final Cluster cluster;
  private final Worker worker;
  private final PreconnectConfig config;
  private final Map<Key, TcpPool> pools = new HashMap<>();

  /// The hosts of the next picks.
  private final ArrayDeque<Host> foreseen = new ArrayDeque<>();

  /// Among which they were picked.
  private @Nullable HostTable among;

  /// How many may be foreseen among these.
  private int foreseeable;

  private int waiting;
  private int active;
  private int unused;
  private boolean draining;

  /// What makes connections different, so that who asks for one may not have the other.
  record Key(Host host, DialOptions asked) {}

  WorkerTcpPools(Cluster cluster, Worker worker) {
    this.cluster = cluster;
    this.worker = worker;
    this.config = cluster.config().upstream().preconnect();
  }

  /// The connections of this kind.
  TcpPool pool(Host host, DialOptions asked) {
    return pools.computeIfAbsent(
        new Key(host, asked.withoutIntroduction()), key -> new TcpPool(this, key));
  }

  /// A pool has nothing left.
  void remove(TcpPool pool) {
    pools.remove(pool.key(), pool);
  }

  /// The next of the hosts that were foreseen; null if there is none, or the hosts have changed.
  @Nullable Host foreseen() {
    look();
    return foreseen.poll();
  }

  @SuppressWarnings("ReferenceEquality") // a later table is another one
  private void look() {
    var now = cluster.table();
    if (now != among) {
      among = now;
      foreseeable = foreseeable(now);
      foreseen.clear();
    }
  }

  /// Policies that go by the connection, or by what hosts have to do at the moment, cannot be
  /// foreseen.
  private int foreseeable(HostTable table) {
    var lb = cluster.config().lb();
    boolean foreseeable =
        lb.subsets() == null
            && switch (lb.policy()) {
              case Policy.RoundRobin _, Policy.Random _ -> true;
              case Policy.LeastRequest _ -> !even(table);
              case Policy.RingHash _, Policy.Maglev _, Policy.ClusterProvided _ -> false;
            };
    int healthy = 0;
    for (var set : table.priorities()) {
      healthy += set.hosts().healthy().size();
    }
    return foreseeable ? healthy : 0;
  }

  private static boolean even(HostTable table) {
    return table.priorities().stream().allMatch(set -> set.hosts().all().even());
  }

  /// Connects to the hosts of the next picks, as many as the ratio allows, before one more
  /// connection is asked for.
  void predict(PickRequest request, DialOptions asked) {
    double ratio = config.predictive();
    for (int i = 0; i < MOST_AT_ONCE && ratio > 1 && isDue(ratio); i++) {
      var next = foresee(request);
      if (next == null || !pool(next, asked.at(next.hostname())).prepare(ratio)) {
        return;
      }
    }
  }

  private @Nullable Host foresee(PickRequest request) {
    look();
    if (draining || foreseen.size() >= foreseeable) {
      return null;
    }
    var next = cluster.foresee(request);
    if (next != null) {
      foreseen.add(next);
    }
    return next;
  }

  private boolean isDue(double ratio) {
    return (waiting + active + 1) * ratio > unused + active;
  }

  /// Something has become more or less in one of the pools.
  ///
  /// @param waiting who wait for a connection
  /// @param active connections that are in use
  /// @param unused the others, also those that are being made
  void count(int waiting, int active, int unused) {
    this.waiting += waiting;
    this.active += active;
    this.unused += unused;
  }

  /// All that nobody uses is closed, and nothing is made ahead any more.
  @Override
  public void drain() {
    draining = true;
    List.copyOf(pools.values()).forEach(TcpPool::drain);
  }

  @Override
  public void drain(Collection<Host> hosts) {
    for (var pool : List.copyOf(pools.values())) {
      if (hosts.contains(pool.key().host())) {
        pool.drain();
      }
    }
  }

  /// Whether connections are made ahead of need to this host.
  boolean prepares(Host host) {
    return !draining && host.health() == Health.HEALTHY;
  }

  Cluster cluster() {
    return cluster;
  }

  @Override
  public Worker worker() {
    return worker;
  }

  PreconnectConfig config() {
    return config;
  }
}
