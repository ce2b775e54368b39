package dev.weir.upstream;

import dev.weir.config.LbConfig;
import dev.weir.upstream.HostDiscovery.Finder;
import dev.weir.upstream.Membership.Change;
import dev.weir.upstream.balance.Balancers;
import dev.weir.upstream.balance.LoadBalancer;
import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable.Shape;
import dev.weir.xds.SerialLoop;
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
  private final HostCare care;
  private final Membership membership = new Membership(this);
  private final UpdateWindow window;
  private final Runnable rebuildIfWarm = this::rebuildIfWarm;
  private final CompletableFuture<Void> warm = new CompletableFuture<>();
  private @Nullable LoadBalancer latest;
  private @Nullable LocalCluster leads;
  private @Nullable LocalCluster follows;
  private final boolean drainsOnChange;
  private Consumer<Collection<Host>> drained = _ -> {};
  private int changesBeforeWarm;
  private boolean discovered;

  ClusterHosts(
      SerialLoop main,
      LbConfig.Common config,
      Balancers balancers,
      MemberStats stats,
      HostView view,
      HostCare care) {
    this.main = main;
    this.balancers = balancers;
    this.stats = stats;
    this.view = view;
    this.drainsOnChange = config.closeConnectionsOnHostSetChange();
    this.care = care;
    care.listen(this::healthChanged, this::warmIfReady);
    this.window =
        new UpdateWindow(main, config.updateMergeWindow(), stats.clusterManager(), this::rebuild);
  }

  /// What looks after the hosts.
  HostCare care() {
    return care;
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

  /// Tells of hosts whose pooled connections are to take no more requests: they are gone, have
  /// failed, or all hosts are to begin anew.
  void onDrained(Consumer<Collection<Host>> listener) {
    drained = listener;
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
  public void adopt(Endpoint.Key key, Host host) {
    membership.adopt(key, host);
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
    if (change.moves() && drainsOnChange) {
      drained.accept(List.copyOf(membership.hosts()));
    }
    if (!change.removed().isEmpty()) {
      drained.accept(change.removed());
    }
    if (warm.isDone()) {
      window.update(!change.moves());
    } else if (changesBeforeWarm++ > 0) {
      stats.clusterManager().counter("cluster_updated").increment();
    }
    change.removed().forEach(care::remove);
    change.added().forEach(care::add);
  }

  /// Its checks, or outlier detection, have changed their mind about a host. Until all hosts were
  /// checked for the first time, that changes nothing.
  private void healthChanged(Host host) {
    if (host.health() == Health.UNHEALTHY) {
      drained.accept(List.of(host));
    }
    if (warm.isDone()) {
      changed(membership.release(host));
    }
  }

  @Override
  public void ready() {
    discovered = true;
    warmIfReady();
  }

  private void warmIfReady() {
    if (discovered && !warm.isDone() && care.hasSeenAll()) {
      stats.levels(membership.hosts());
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
    care.prepare(host);
  }

  @Override
  public boolean lingers(Host host) {
    return care.keeps(host);
  }

  @Override
  public void turned(Host host) {
    care.turned(host);
  }

  /// No more updates; what was published stays.
  void stop() {
    window.cancel();
    care.stop();
    if (follows != null) {
      follows.unwatch(rebuildIfWarm);
    }
    if (latest != null) {
      balancers.retire(latest);
      latest = null;
    }
  }
}
