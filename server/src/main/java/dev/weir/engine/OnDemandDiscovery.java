package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.config.ClusterConfig;
import dev.weir.upstream.OnDemandClusters;
import dev.weir.xds.Names;
import dev.weir.xds.Rejected;
import dev.weir.xds.ResourceSink;
import dev.weir.xds.SerialLoop.Cancellable;
import dev.weir.xds.Subscription;
import dev.weir.xds.Update;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks a control plane for the clusters that connections want and nobody has told of. A cluster
/// that has been asked for stays subscribed, so that its changes and its removal come too; one that
/// does not exist is asked for again when it is wanted again. Main loop only, but for [#find].
final class OnDemandDiscovery implements OnDemandClusters {
  private static final System.Logger LOG = System.getLogger("upstream");

  private final ClusterManager.Dependencies with;
  private final ClusterManager clusters;
  private final Supplier<SubscriptionStats> makeStats;
  private @Nullable SubscriptionStats stats;
  private final Map<String, Subscription> subscriptions = new HashMap<>();
  private final Map<String, List<Pending>> waiting = new LinkedHashMap<>();

  /// Somebody who waits.
  private final class Pending {
    private final Executor worker;
    private final Waiter waiter;
    private final Cancellable timer;

    Pending(Question question, Executor worker, Waiter waiter) {
      this.worker = worker;
      this.waiter = waiter;
      this.timer = with.main().schedule(question.timeout(), () -> timedOut(question.name(), this));
    }

    void tell(Discovery discovery) {
      timer.cancel();
      worker.execute(() -> waiter.onDiscovery(discovery));
    }
  }

  /// @param stats where questions are counted, which do not exist before the first
  OnDemandDiscovery(
      ClusterManager.Dependencies with,
      ClusterManager clusters,
      Supplier<SubscriptionStats> stats) {
    this.with = with;
    this.clusters = clusters;
    this.makeStats = stats;
  }

  @Override
  public void find(Question question, Executor worker, Waiter waiter) {
    with.main().execute(() -> ask(question, worker, waiter));
  }

  private void ask(Question question, Executor worker, Waiter waiter) {
    var name = question.name();
    var pending = new Pending(question, worker, waiter);
    if (with.published().find(name) != null) {
      pending.tell(Discovery.AVAILABLE);
      return;
    }
    waiting.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(pending);
    if (!subscriptions.containsKey(name)) {
      subscribe(question);
    }
  }

  private void subscribe(Question question) {
    var name = question.name();
    LOG.log(System.Logger.Level.DEBUG, "odcds: asking for cluster ''{0}''", name);
    try {
      var type = with.resources().clusters();
      var names = Names.of(name);
      subscriptions.put(
          name, with.xds().subscribe(question.source(), type, names, new Sink(name), stats()));
    } catch (UncheckedIOException e) {
      LOG.log(System.Logger.Level.WARNING, "odcds: cluster ''{0}'': {1}", name, e.getMessage());
      tell(name, Discovery.MISSING);
    }
  }

  private SubscriptionStats stats() {
    var present = stats;
    if (present == null) {
      present = makeStats.get();
      stats = present;
    }
    return present;
  }

  /// What is said of one cluster.
  private final class Sink implements ResourceSink<Checked<ClusterConfig>> {
    private final String name;

    Sink(String name) {
      this.name = name;
    }

    @Override
    public List<Rejected> apply(Update<Checked<ClusterConfig>> update) {
      var rejected = clusters.applyOnDemand(update);
      if (update.changed().isEmpty() && update.rejected().isEmpty()) {
        missing(name);
      }
      return rejected;
    }

    @Override
    public void initialFetchTimedOut(Set<String> names) {
      // Whoever waits has a time of its own.
    }
  }

  private void missing(String name) {
    tell(name, Discovery.MISSING);
    var subscription = subscriptions.remove(name);
    if (subscription != null) {
      with.main().execute(subscription::close); // not in the middle of its own update
    }
  }

  /// These clusters serve now.
  void published(Map<String, ?> active) {
    for (var name : List.copyOf(waiting.keySet())) {
      if (active.containsKey(name)) {
        tell(name, Discovery.AVAILABLE);
      }
    }
  }

  private void tell(String name, Discovery discovery) {
    var told = waiting.remove(name);
    if (told != null) {
      told.forEach(pending -> pending.tell(discovery));
    }
  }

  private void timedOut(String name, Pending pending) {
    var left = waiting.get(name);
    if (left != null && left.remove(pending)) {
      if (left.isEmpty()) {
        waiting.remove(name);
      }
      pending.tell(Discovery.TIMEOUT);
    }
  }
}
