package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.config.ClusterConfig;
import dev.weir.config.ListenerConfig;
import dev.weir.config.Resources;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.Stats;
import dev.weir.xds.Accepted;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.Wanted;
import dev.weir.xds.XdsClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Brings configuration into force in the order that never leaves a connection without its cluster:
/// the clusters of the start configuration, those of the control plane, their endpoints; then the
/// listeners; then the workers begin. Main loop only.
public final class Engine {
  private static final System.Logger LOG = System.getLogger("config");
  private static final System.Logger UPSTREAM_LOG = System.getLogger("upstream");

  private final Dependencies with;
  private final ClusterManager clusters;
  private final ListenerManager listeners;
  private final CompletableFuture<Void> clustersReady = new CompletableFuture<>();

  /// What the engine works with.
  public record Dependencies(
      SerialLoop main, XdsClient xds, Resources resources, Stats stats, ConfigNotes notes) {}

  /// What it begins with.
  ///
  /// @param clusters of the start configuration
  /// @param listeners of the start configuration
  /// @param cds where further clusters come from; null for nowhere
  /// @param lds where further listeners come from; null for nowhere
  public record Beginning(
      Collection<Accepted<Checked<ClusterConfig>>> clusters,
      Collection<Accepted<Checked<ListenerConfig>>> listeners,
      @Nullable Wanted cds,
      @Nullable Wanted lds) {}

  public Engine(Dependencies with, ClusterManager clusters, ListenerManager listeners) {
    this.with = with;
    this.clusters = clusters;
    this.listeners = listeners;
  }

  /// Begins.
  ///
  /// @return completed on the main loop when the workers accept connections; exceptionally, with a
  ///   [StartException] as the cause, if that cannot be
  public CompletableFuture<Void> start(Beginning beginning) {
    with.main.check();
    return step(() -> addPrimary(beginning))
        .thenComposeAsync(_ -> step(() -> subscribeClusters(beginning.cds)), with.main)
        .thenComposeAsync(_ -> step(() -> clusters.addSecondary(beginning.clusters)), with.main)
        .thenComposeAsync(_ -> step(() -> subscribeListeners(beginning.lds)), with.main)
        .thenComposeAsync(_ -> listeners.warm(), with.main)
        .thenComposeAsync(_ -> step(this::startWorkers), with.main);
  }

  /// One step of the start.
  private interface Step {
    CompletableFuture<Void> run() throws StartException;
  }

  private static CompletableFuture<Void> step(Step step) {
    try {
      return step.run();
    } catch (StartException e) {
      return CompletableFuture.failedFuture(e);
    } catch (UncheckedIOException e) {
      return CompletableFuture.failedFuture(new StartException(String.valueOf(e.getMessage())));
    }
  }

  private CompletableFuture<Void> addPrimary(Beginning beginning) throws StartException {
    var names = new HashSet<String>();
    beginning.clusters.forEach(cluster -> names.add(cluster.name()));
    listeners.clusterExists(names::contains);
    listeners.addStatic(beginning.listeners);
    listeners.clusterExists(clusters::exists);
    return clusters.addPrimary(beginning.clusters);
  }

  private CompletableFuture<Void> subscribeClusters(@Nullable Wanted cds) {
    if (cds == null) {
      return CompletableFuture.completedFuture(null);
    }
    var sink = new FirstAnswer<Checked<ClusterConfig>>(cds.source(), clusters::apply);
    var stats = subscriptionStats("cluster_manager.cds");
    with.xds.subscribe(cds.source(), with.resources.clusters(), cds.names(), sink, stats);
    return sink.came();
  }

  private CompletableFuture<Void> subscribeListeners(@Nullable Wanted lds) {
    UPSTREAM_LOG.log(System.Logger.Level.INFO, "cm init: all clusters initialized");
    clustersReady.complete(null);
    if (lds == null) {
      return CompletableFuture.completedFuture(null);
    }
    var sink = new FirstAnswer<Checked<ListenerConfig>>(lds.source(), listeners::apply);
    var stats = subscriptionStats("listener_manager.lds");
    with.xds.subscribe(lds.source(), with.resources.listeners(), lds.names(), sink, stats);
    return sink.came();
  }

  private SubscriptionStats subscriptionStats(String prefix) {
    return new SubscriptionStats(with.stats.scope(prefix, StatFamilies.SUBSCRIPTION), with.notes);
  }

  private CompletableFuture<Void> startWorkers() throws StartException {
    LOG.log(System.Logger.Level.INFO, "all dependencies initialized. starting workers");
    listeners.startWorkers();
    return CompletableFuture.completedFuture(null);
  }

  /// Completes on the main loop when the clusters are warm that there were at the start.
  public CompletableFuture<Void> clustersReady() {
    return clustersReady;
  }

  /// What it has at present.
  public EngineSnapshot snapshot() {
    with.main.check();
    return new EngineSnapshot(
        clusters.active(),
        clusters.warming(),
        clusters.version(),
        listeners.active(),
        listeners.warming(),
        listeners.draining(),
        listeners.version());
  }

  /// How many downstream connections are open. Any thread; a moment old.
  public long connections() {
    return listeners.connections();
  }

  /// Stops accepting (`/drain_listeners`); open connections go on, and so does the process.
  ///
  /// @param inboundOnly only the listeners whose `traffic_direction` is `INBOUND`
  public void stopListening(boolean inboundOnly) {
    listeners.stop(inboundOnly);
  }

  /// Closes the connections of one listener in the course of the drain time.
  ///
  /// @param accepts whether it goes on accepting
  /// @return false if there is no such listener
  public boolean drainListener(String name, boolean accepts) {
    return listeners.drainListener(name, accepts);
  }

  /// Closes the connections to one host, such as `10.0.0.1:80`, in the course of the drain time.
  public void drainEndpoint(String address) {
    listeners.drainEndpoint(address);
  }

  /// Stops accepting, and closes connections in the course of that time, the idle ones first.
  ///
  /// @return completed on the main loop when no connection is left
  public CompletableFuture<Void> drain(Duration time) {
    with.main.check();
    return listeners.drain(time);
  }

  /// Ends everything at once, with a FIN for each connection.
  ///
  /// @return completed on the main loop when no connection is left
  public CompletableFuture<Void> close() {
    with.main.check();
    with.xds.close();
    var ended = listeners.close(); // first, so that tunnels in pooled connections are reset
    clusters.close();
    return ended;
  }
}
