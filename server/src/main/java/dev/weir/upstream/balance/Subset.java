package dev.weir.upstream.balance;

import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/// Some hosts of a cluster, with a balancer of their own that is made when a connection first asks
/// for it: there may be many subsets that nobody asks for. One that was asked for is made anew at
/// the push, and so is one of many hosts, which would hold up the worker that asks.
final class Subset implements LoadBalancer {
  private static final AtomicReferenceFieldUpdater<Subset, @Nullable LoadBalancer> BALANCER =
      AtomicReferenceFieldUpdater.newUpdater(Subset.class, LoadBalancer.class, "balancer");

  /// From so many hosts on, nobody is to wait while the balancer is made.
  private static final int MANY = 1000;

  private final List<Host> hosts;
  private final Layout layout;
  private final long changes;
  private final Balancers balancers;
  private @Nullable LoadBalancer before;
  private volatile @Nullable LoadBalancer balancer;

  /// How the hosts are arranged.
  ///
  /// @param localities of the cluster, by priority
  /// @param gateways whom zone-aware routing compares with; null if there are none
  record Layout(Shape shape, List<List<Locality>> localities, @Nullable HostTable gateways) {}

  private Subset(
      List<Host> hosts,
      Layout layout,
      long changes,
      Balancers balancers,
      @Nullable LoadBalancer before) {
    this.hosts = List.copyOf(hosts);
    this.layout = layout;
    this.changes = changes;
    this.balancers = balancers;
    this.before = before;
  }

  /// A subset of these hosts. Main loop only.
  ///
  /// @param before what it was until now; stays if nothing about it has changed
  static Subset of(List<Host> hosts, Layout layout, Balancers balancers, @Nullable Subset before) {
    long changes = 0;
    for (var host : hosts) {
      changes += host.changes();
    }
    if (before != null && before.isStill(hosts, layout, changes)) {
      return before;
    }
    var latest = before == null ? null : before.latest();
    var next = new Subset(hosts, layout, changes, balancers, latest);
    if (hosts.size() >= MANY || (before != null && before.balancer != null)) {
      next.make();
    }
    return next;
  }

  private boolean isStill(List<Host> hosts, Layout layout, long changes) {
    return this.changes == changes && this.layout.equals(layout) && this.hosts.equals(hosts);
  }

  private @Nullable LoadBalancer latest() {
    var present = balancer;
    return present != null ? present : before;
  }

  /// Its hosts, well or not.
  List<Host> hosts() {
    return hosts;
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    var present = balancer;
    return (present != null ? present : make()).pick(request);
  }

  @Override
  public PickTrail explain(PickRequest request) {
    var present = balancer;
    return (present != null ? present : make()).explain(request);
  }

  private LoadBalancer make() {
    var made = balancers.build(HostTable.arrange(hosts, layout.shape, layout.localities), before);
    if (BALANCER.compareAndSet(this, null, made)) {
      before = null;
      return made;
    }
    var other = balancer; // A worker that was quicker has made it.
    return other == null ? made : other;
  }
}
