package dev.weir.upstream;

import dev.weir.upstream.HostDiscovery.Finder;
import dev.weir.upstream.Membership.Change;
import dev.weir.upstream.balance.Balancers;
import dev.weir.upstream.balance.LoadBalancer;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable.Shape;
import dev.weir.xds.SerialLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The hosts of a cluster, kept up to date: what discovery finds and what checks say becomes tables
/// and balancers for the workers. Main loop only.
final class ClusterHosts implements Finder, Membership.Newcomers {
  private final SerialLoop main;
  private final Balancers balancers;
  private final MemberStats stats;
  private final HostView view;
  private final Membership membership = new Membership(this);
  private final UpdateWindow window;
  private final Runnable rebuildIfWarm = this::rebuildIfWarm;
  private final CompletableFuture<Void> warm = new CompletableFuture<>();
  private @Nullable LoadBalancer latest;
  private @Nullable LocalCluster leads;
  private @Nullable LocalCluster follows;
  private Consumer<Collection<Host>> removed = _ -> {};
  private int changesBeforeWarm;

  ClusterHosts(
      SerialLoop main,
      Duration mergeWindow,
      Balancers balancers,
      MemberStats stats,
      HostView view) {
    this.main = main;
    this.balancers = balancers;
    this.stats = stats;
    this.view = view;
    this.window = new UpdateWindow(main, mergeWindow, stats.clusterManager(), this::rebuild);
  }

  /// These hosts are the gateways themselves.
  void lead(LocalCluster local) {
    leads = local;
  }

  /// How to pick from these hosts depends on the gateways.
  void follow(LocalCluster local) {
    follows = local;
    local.watch(rebuildIfWarm);
  }

  /// Tells of hosts that are gone.
  void onRemoved(Consumer<Collection<Host>> listener) {
    removed = listener;
  }

  /// Completes when there is something to pick from, or nothing more to wait for.
  CompletableFuture<Void> warm() {
    return warm;
  }

  @Override
  public void read(List<Endpoint> endpoints) {
    stats.endpointsRead(endpoints);
  }

  @Override
  public void found(List<Endpoint> endpoints, Shape shape) {
    changed(membership.update(endpoints, shape));
  }

  private void changed(Change change) {
    if (change.isEmpty()) {
      stats.nothingChanged();
      return;
    }
    stats.changed(change, membership.hosts());
    if (!change.removed().isEmpty()) {
      removed.accept(change.removed());
    }
    if (warm.isDone()) {
      window.update(!change.moves());
    } else if (changesBeforeWarm++ > 0) {
      stats.clusterManager().counter("cluster_updated").increment();
    }
  }

  @Override
  public void ready() {
    if (!warm.isDone()) {
      rebuild();
      warm.complete(null);
    }
  }

  /// Makes a balancer over the hosts as they are now, and publishes it.
  void rebuild() {
    var table = membership.table();
    var next = balancers.build(table, latest);
    latest = next;
    view.publish(table, next);
    if (leads != null) {
      leads.update(table);
    }
  }

  private void rebuildIfWarm() {
    if (warm.isDone()) {
      rebuild();
    }
  }

  @Override
  public void prepare(Host host) {
    host.healthySince(main.nanoTime());
  }

  @Override
  public boolean lingers(Host host) {
    return false;
  }

  /// No more updates; what was published stays.
  void stop() {
    window.cancel();
    if (follows != null) {
      follows.unwatch(rebuildIfWarm);
    }
    if (latest != null) {
      balancers.retire(latest);
      latest = null;
    }
  }
}
