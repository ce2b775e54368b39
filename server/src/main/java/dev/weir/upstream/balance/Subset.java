package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/// Some hosts of a cluster, with a balancer of their own that is made when a connection first asks
/// for it: there may be many subsets that nobody asks for.
final class Subset implements LoadBalancer {
  private static final AtomicReferenceFieldUpdater<Subset, @Nullable LoadBalancer> BALANCER =
      AtomicReferenceFieldUpdater.newUpdater(Subset.class, LoadBalancer.class, "balancer");

  private final List<Host> hosts;
  private final Shape shape;
  private final long changes;
  private final Balancers balancers;
  private @Nullable LoadBalancer before;
  private volatile @Nullable LoadBalancer balancer;

  private Subset(
      List<Host> hosts,
      Shape shape,
      long changes,
      Balancers balancers,
      @Nullable LoadBalancer before) {
    this.hosts = List.copyOf(hosts);
    this.shape = shape;
    this.changes = changes;
    this.balancers = balancers;
    this.before = before;
  }

  /// A subset of these hosts. Main loop only.
  ///
  /// @param before what it was until now; stays if nothing about it has changed
  static Subset of(List<Host> hosts, Shape shape, Balancers balancers, @Nullable Subset before) {
    long changes = 0;
    for (var host : hosts) {
      changes += host.changes();
    }
    if (before == null) {
      return new Subset(hosts, shape, changes, balancers, null);
    }
    boolean same =
        before.changes == changes && before.shape.equals(shape) && before.hosts.equals(hosts);
    return same ? before : new Subset(hosts, shape, changes, balancers, before.latest());
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

  private LoadBalancer make() {
    var made = balancers.build(HostTable.arrange(hosts, shape), before);
    if (BALANCER.compareAndSet(this, null, made)) {
      before = null;
      return made;
    }
    var other = balancer; // A worker that was quicker has made it.
    return other == null ? made : other;
  }
}
