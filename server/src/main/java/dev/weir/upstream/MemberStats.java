package dev.weir.upstream;

import dev.weir.telemetry.StatScope;
import dev.weir.upstream.Membership.Change;
import dev.weir.upstream.host.Host;
import java.util.Collection;
import java.util.List;

/// What is counted of the hosts of a cluster. Main loop only.
final class MemberStats {
  private final StatScope cluster;
  private final StatScope clusterManager;
  private final boolean discovered;
  private final TransportSockets transports;

  /// @param clusterManager the scope `cluster_manager`, which counts over all clusters
  /// @param discovered whether the hosts are found while the cluster lives, instead of being
  ///   configured
  MemberStats(
      StatScope cluster,
      StatScope clusterManager,
      boolean discovered,
      TransportSockets transports) {
    this.transports = transports;
    this.cluster = cluster;
    this.clusterManager = clusterManager;
    this.discovered = discovered;
  }

  StatScope clusterManager() {
    return clusterManager;
  }

  /// Discovery has read these endpoints, whether they are new or not.
  void endpointsRead(List<Endpoint> endpoints) {
    endpoints.forEach(endpoint -> transports.count(endpoint.info()));
  }

  /// Discovery has found what was known already.
  void nothingChanged() {
    if (discovered) {
      cluster.counter("update_no_rebuild").increment();
    }
  }

  /// The hosts have changed.
  void changed(Change change, Collection<Host> hosts) {
    if (change.moves()) {
      cluster.counter("membership_change").add(change.priorities());
    }
    levels(hosts);
  }

  /// How many hosts there are, and how they are.
  void levels(Collection<Host> hosts) {
    int healthy = 0;
    int degraded = 0;
    int excluded = 0;
    long heaviest = 1;
    for (var host : hosts) {
      switch (host.health()) {
        case HEALTHY -> healthy++;
        case DEGRADED -> degraded++;
        case UNHEALTHY -> {}
      }
      excluded += host.excluded() ? 1 : 0;
      heaviest = Math.max(heaviest, host.weight());
    }
    cluster.gauge("membership_total").set(hosts.size());
    cluster.gauge("membership_healthy").set(healthy);
    cluster.gauge("membership_degraded").set(degraded);
    cluster.gauge("membership_excluded").set(excluded);
    if (discovered) {
      cluster.gauge("max_host_weight").set(heaviest);
    }
  }
}
