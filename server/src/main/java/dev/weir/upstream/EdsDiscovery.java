package dev.weir.upstream;

import dev.weir.config.EndpointsConfig;
import dev.weir.upstream.host.HostTable.Shape;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.SerialLoop.Cancellable;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A control plane says what hosts there are (`EDS`). Main loop only.
final class EdsDiscovery implements HostDiscovery {
  /// All hosts are of one origin: what is listed twice is one host.
  private static final int ORIGIN = 0;

  /// What clusters that ask for their endpoints count beside the others.
  private static final List<String> SUBSCRIPTION = List.of("init_fetch_timeout", "update_rejected");

  private final SerialLoop main;
  private final Function<EndpointsConfig, Shape> shapeOf;
  private final ClusterStats stats;
  private final Finder finder;
  private @Nullable Cancellable expiry;

  EdsDiscovery(
      SerialLoop main,
      Function<EndpointsConfig, Shape> shapeOf,
      ClusterStats stats,
      Finder finder) {
    this.main = main;
    this.shapeOf = shapeOf;
    this.stats = stats;
    this.finder = finder;
    SUBSCRIPTION.forEach(stats.scope()::counter); // shown from the beginning
  }

  @Override
  public void start() {}

  /// There is a new assignment.
  void update(EndpointsConfig endpoints) {
    stop();
    take(endpoints);
    if (endpoints.staleAfter().isPositive()) {
      stats.scope().counter("assignment_timeout_received").increment();
      expiry = main.schedule(endpoints.staleAfter(), () -> expire(endpoints.clusterName()));
    }
  }

  private void take(EndpointsConfig endpoints) {
    var found =
        Assignment.endpoints(endpoints).stream()
            .map(placed -> placed.atItsAddress(ORIGIN))
            .toList();
    finder.read(found);
    finder.found(found, shapeOf.apply(endpoints));
    finder.ready();
  }

  /// The assignment has not been renewed in time: nothing is known of the hosts any more.
  private void expire(String name) {
    expiry = null;
    stats.scope().counter("assignment_stale").increment();
    take(EndpointsConfig.none(name));
  }

  /// There was no assignment in time.
  void timedOut() {
    finder.ready();
  }

  @Override
  public void stop() {
    if (expiry != null) {
      expiry.cancel();
      expiry = null;
    }
  }
}
