package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.config.ClusterConfig;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.Resources;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterFactory;
import dev.weir.upstream.Clusters;
import dev.weir.xds.Accepted;
import dev.weir.xds.ConfigSource;
import dev.weir.xds.Names;
import dev.weir.xds.Rejected;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.Update;
import dev.weir.xds.XdsClient;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Makes live clusters of configured ones, and publishes those that are warm. Main loop only.
///
/// A changed cluster is a new one with a subscription of its own: it becomes warm with endpoints
/// that it was told itself, and the old one serves until then.
public final class ClusterManager {
  private static final System.Logger LOG = System.getLogger("upstream");

  private final Dependencies with;
  private final StatScope scope;
  private final StatScope subscription;
  private final WarmingMap<ClusterEntry> clusters;
  private final OnDemandDiscovery onDemand;
  private String version = "";

  /// What a cluster manager works with.
  ///
  /// @param published where workers find their clusters
  /// @param notes where it is said what is odd
  public record Dependencies(
      SerialLoop main,
      XdsClient xds,
      Resources resources,
      ClusterFactory factory,
      Clusters published,
      Stats stats,
      ConfigNotes notes) {}

  public ClusterManager(Dependencies with) {
    this.with = with;
    this.scope = with.stats.scope("cluster_manager", StatFamilies.CLUSTER_MANAGER);
    this.subscription = scope.scope("cds");
    this.clusters = new WarmingMap<>(with.main, this::publish);
    this.onDemand =
        new OnDemandDiscovery(
            with,
            this,
            () ->
                new SubscriptionStats(
                    with.stats.scope("cluster_manager.odcds", StatFamilies.SUBSCRIPTION),
                    with.notes));
    with.published.onDemand(onDemand);
    with.published.nameCaches(with.factory.caches());
  }

  /// Begins with the clusters of the start configuration whose hosts no control plane is needed
  /// for. Those among them that a control plane runs behind have to be there first.
  ///
  /// @return completed when they are warm
  CompletableFuture<Void> addPrimary(Collection<Accepted<Checked<ClusterConfig>>> all) {
    return addStatic(all.stream().filter(cluster -> !isEds(cluster)).toList());
  }

  /// Begins with the other clusters of the start configuration.
  ///
  /// @return completed when they are warm
  CompletableFuture<Void> addSecondary(Collection<Accepted<Checked<ClusterConfig>>> all) {
    return addStatic(all.stream().filter(ClusterManager::isEds).toList());
  }

  private static boolean isEds(Accepted<Checked<ClusterConfig>> cluster) {
    return cluster.value().value().discovery() instanceof Discovery.Eds;
  }

  private CompletableFuture<Void> addStatic(Collection<Accepted<Checked<ClusterConfig>>> some) {
    for (var cluster : some) {
      with.notes.accepted("static cluster " + cluster.name(), cluster.value());
      scope.counter("cluster_added").increment();
      start(cluster, false);
    }
    return warm();
  }

  /// Completes when all that are warming at present are warm.
  CompletableFuture<Void> warm() {
    with.main.check();
    return CompletableFuture.allOf(
        clusters.warming().values().stream()
            .map(ClusterEntry::warm)
            .toArray(CompletableFuture<?>[]::new));
  }

  /// Whether there is a cluster of this name, be it warm or not.
  public boolean exists(String name) {
    return clusters.latest(name) != null;
  }

  /// Applies what a control plane pushed.
  ///
  /// @return what cannot be applied
  List<Rejected> apply(Update<Checked<ClusterConfig>> update) {
    with.main.check();
    var rejected = addAndRemove(update);
    if (rejected.isEmpty() && update.rejected().isEmpty()) {
      wentWell(update);
    }
    gauges();
    return rejected;
  }

  /// Applies what a control plane answered to a question for certain clusters.
  ///
  /// @return what cannot be applied
  List<Rejected> applyOnDemand(Update<Checked<ClusterConfig>> update) {
    with.main.check();
    var rejected = addAndRemove(update);
    gauges();
    return rejected;
  }

  private List<Rejected> addAndRemove(Update<Checked<ClusterConfig>> update) {
    var rejected = new ArrayList<Rejected>();
    update.rejected().forEach(this::countRejected);
    try (var _ = with.xds.pause(with.resources.endpoints().typeUrl())) {
      for (var cluster : update.changed()) {
        addOrUpdate(cluster, rejected);
      }
    }
    update.removed().forEach(this::remove);
    return rejected;
  }

  /// One that can be read and not be made is counted as if it had been: so does Envoy, which finds
  /// out as it makes it.
  private void countRejected(Rejected bad) {
    with.notes.rejected("cds: cluster", bad);
    var present = clusters.latest(bad.name());
    if (bad.wellFormed() && (present == null || present.origin().viaApi())) {
      count(present);
    }
  }

  private void count(@Nullable ClusterEntry present) {
    scope.counter(present == null ? "cluster_added" : "cluster_modified").increment();
  }

  private void wentWell(Update<Checked<ClusterConfig>> update) {
    if (!update.changed().isEmpty()) {
      subscription.counter("config_reload").increment();
    }
    if (!update.version().isEmpty()) { // it is when time removed something
      version = update.version();
    }
  }

  private void addOrUpdate(Accepted<Checked<ClusterConfig>> cluster, List<Rejected> rejected) {
    var present = clusters.latest(cluster.name());
    if (present != null && !present.origin().viaApi()) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "cds: cluster ''{0}'' is static and stays as it is",
          cluster.name());
      return;
    }
    if (present != null && present.origin().is(cluster)) {
      return; // also told to who has asked for all clusters
    }
    with.notes.accepted("cds: " + cluster.name(), cluster.value());
    count(present);
    try {
      start(cluster, true);
    } catch (UncheckedIOException e) {
      var bad = new Rejected(cluster.name(), String.valueOf(e.getMessage()));
      with.notes.rejected("cds: cluster", bad);
      rejected.add(bad);
      return;
    }
    LOG.log(System.Logger.Level.DEBUG, "cds: add/update cluster ''{0}''", cluster.name());
  }

  /// @throws UncheckedIOException if its endpoints are to come from a file that cannot be watched
  private void start(Accepted<Checked<ClusterConfig>> resource, boolean viaApi) {
    var origin = new Origin<>(resource, viaApi, with.main.now());
    var entry = new ClusterEntry(origin, with.factory.create(origin.config(), with.published));
    if (origin.config().discovery() instanceof Discovery.Eds eds) {
      subscribe(entry, eds);
    }
    if (viaApi) {
      var warming = entry.cluster().stats().scope().gauge("warming_state");
      warming.set(1);
      entry.warm().thenRun(() -> warming.set(0));
    }
    entry.cluster().start();
    clusters.put(origin.name(), entry);
  }

  private void subscribe(ClusterEntry entry, Discovery.Eds eds) {
    var cluster = entry.cluster();
    var stats = new SubscriptionStats(cluster.stats().scope(), with.notes);
    try {
      entry.endpoints(
          with.xds.subscribe(
              eds.source(),
              with.resources.endpoints(),
              Names.of(eds.serviceName()),
              new EndpointsSink(
                  cluster,
                  eds.serviceName(),
                  eds.source() instanceof ConfigSource.File,
                  with.notes),
              stats));
    } catch (UncheckedIOException e) {
      cluster.drain();
      throw e;
    }
  }

  private void remove(String name) {
    var present = clusters.latest(name);
    if (present == null || !present.origin().viaApi()) {
      return;
    }
    clusters.remove(name);
    scope.counter("cluster_removed").increment();
    LOG.log(System.Logger.Level.DEBUG, "cds: remove cluster ''{0}''", name);
  }

  private void publish(Map<String, ClusterEntry> active) {
    var next = HashMap.<String, Cluster>newHashMap(active.size());
    active.forEach((name, entry) -> next.put(name, entry.cluster()));
    with.published.publish(next);
    onDemand.published(active);
    gauges();
  }

  /// Shows how many clusters a thread picks from: all threads share one table.
  ///
  /// @param thread `main_thread` or `worker_<n>`
  public void showClustersOf(String thread) {
    var prefix = "thread_local_cluster_manager." + thread;
    with.stats.scope(prefix).gauge("clusters_inflated", () -> with.published.all().size());
  }

  private void gauges() {
    scope.gauge("active_clusters").set(clusters.active().size());
    scope.gauge("warming_clusters").set(clusters.warming().size());
  }

  /// All clusters that serve.
  List<ClusterEntry> active() {
    return byName(clusters.active());
  }

  private static List<ClusterEntry> byName(Map<String, ClusterEntry> entries) {
    return List.copyOf(new TreeMap<>(entries).values());
  }

  /// All clusters that are about to serve.
  List<ClusterEntry> warming() {
    return byName(clusters.warming());
  }

  /// The version of the last push that was applied whole; empty before the first.
  String version() {
    return version;
  }

  /// Ends discovery and checks of all clusters.
  void close() {
    clusters.active().values().forEach(ClusterEntry::drain);
    clusters.warming().values().forEach(ClusterEntry::drain);
  }
}
