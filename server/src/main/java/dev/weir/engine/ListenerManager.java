package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.config.http.MissingCluster;
import dev.weir.listener.ActiveListener;
import dev.weir.listener.ListenerOutcome;
import dev.weir.listener.ListenerServices;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.xds.Accepted;
import dev.weir.xds.Rejected;
import dev.weir.xds.Update;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes live listeners of configured ones. Main loop only.
///
/// A changed listener keeps its sockets and its connections where it can: [ActiveListener] decides.
/// Every listener is bound when it comes, so that the control plane is told if that fails; it
/// listens once it is warm and the workers have started.
public final class ListenerManager {
  private static final System.Logger LOG = System.getLogger("upstream");
  private static final System.Logger CONFIG_LOG = System.getLogger("config");

  private final ListenerServices services;
  private final int workers;
  private final ConfigNotes notes;
  private final StatScope scope;
  private final WarmingMap<ListenerEntry> listeners;
  private Predicate<String> clusterExists = _ -> true;
  private final List<ListenerEntry> draining = new ArrayList<>();
  private String version = "";
  private boolean started;
  private boolean stopped;
  private volatile List<ActiveListener> all = List.of();

  /// @param services what all listeners share
  /// @param workers how many threads serve each listener
  /// @param notes where it is said what is odd
  public ListenerManager(ListenerServices services, int workers, ConfigNotes notes) {
    this.services = services;
    this.workers = workers;
    this.notes = notes;
    this.scope =
        services.telemetry().stats().scope("listener_manager", StatFamilies.LISTENER_MANAGER);
    this.listeners = new WarmingMap<>(services.main(), this::serve);
  }

  /// Takes the listeners of the start configuration.
  ///
  /// @throws StartException if two of them want one address, or one cannot be bound
  void addStatic(Collection<Accepted<Checked<ListenerConfig>>> all) throws StartException {
    services.main().check();
    for (var resource : all) {
      var origin = new Origin<>(resource, false, services.main().now());
      var conflict = ListenerRules.conflict(origin.config(), othersThan(origin.name()));
      if (conflict.isPresent()) {
        throw new StartException(conflict.get());
      }
      var missing = MissingCluster.in(origin.config(), clusterExists);
      if (missing != null) {
        throw new StartException("listener '" + origin.name() + "': " + missing);
      }
      notes.accepted("static listener " + origin.name(), resource.value());
      try {
        listeners.put(key(origin), prepare(origin, newListener(origin.config()), List.of()));
      } catch (IOException e) {
        throw new StartException(refused(origin, String.valueOf(e.getMessage())));
      }
      scope.counter("listener_added").increment();
    }
    gauges();
  }

  /// Static listeners may be called alike.
  private String key(Origin<ListenerConfig> origin) {
    var name = origin.name();
    while (listeners.latest(name) != null) {
      name += "'";
    }
    return name;
  }

  /// Has routes refused that name a cluster which is not there.
  ///
  /// @param exists asked on the main loop
  public void clusterExists(Predicate<String> exists) {
    clusterExists = exists;
  }

  /// Completes when all that are warming at present are warm.
  CompletableFuture<Void> warm() {
    services.main().check();
    return CompletableFuture.allOf(
        listeners.warming().values().stream()
            .map(ListenerEntry::warm)
            .toArray(CompletableFuture<?>[]::new));
  }

  /// Lets the listeners that are warm accept connections, and from now on each as soon as it is.
  ///
  /// @throws StartException if one cannot listen
  void startWorkers() throws StartException {
    services.main().check();
    started = true;
    for (var entry : listeners.active().values()) {
      var error = serve(entry);
      if (error != null && !entry.origin().viaApi()) {
        throw new StartException(error);
      }
    }
    scope.gauge("workers_started").set(1);
    gauges();
  }

  private void serve(Map<String, ListenerEntry> active) {
    active.values().forEach(this::serve);
    gauges();
  }

  /// @return why it cannot accept connections; null if it can, or is not to yet
  private @Nullable String serve(ListenerEntry entry) {
    if (!started || entry.applied()) {
      return null;
    }
    var from = entry.listener().config();
    if (entry.apply() instanceof ListenerOutcome.Refused(var error)) {
      return refused(entry.origin(), error);
    }
    scope.counter("listener_create_success").add(workers);
    if (ListenerRules.onlyChainsDiffer(from, entry.origin().config())) {
      scope.counter("listener_in_place_updated").increment();
    }
    return null;
  }

  /// Applies what a control plane pushed: what goes goes first, so that another can have its
  /// address.
  ///
  /// @return what cannot be applied
  List<Rejected> apply(Update<Checked<ListenerConfig>> update) {
    services.main().check();
    var rejected = new ArrayList<Rejected>();
    update.rejected().forEach(bad -> notes.rejected("lds: listener", bad));
    var leaving = update.removed().stream().flatMap(this::take).toList();
    for (var resource : update.changed()) {
      var error = addOrUpdate(resource, leaving);
      if (error != null) {
        var bad = new Rejected(resource.name(), error);
        notes.rejected("lds: listener", bad);
        rejected.add(bad);
      }
    }
    leaving.forEach(this::drain);
    if (rejected.isEmpty() && update.rejected().isEmpty() && !update.version().isEmpty()) {
      version = update.version();
    }
    gauges();
    return rejected;
  }

  /// @return what is wrong; null if nothing is
  private @Nullable String addOrUpdate(
      Accepted<Checked<ListenerConfig>> resource, List<ListenerEntry> leaving) {
    var origin = new Origin<>(resource, true, services.main().now());
    var present = listeners.latest(origin.name());
    if (present != null && !present.origin().viaApi()) {
      return null; // a static listener stays as it is
    }
    var conflict = ListenerRules.conflict(origin.config(), othersThan(origin.name()));
    if (conflict.isPresent()) {
      CONFIG_LOG.log(System.Logger.Level.WARNING, "{0}", conflict.get());
      return conflict.get();
    }
    var missing = MissingCluster.in(origin.config(), clusterExists);
    if (missing != null) {
      return missing;
    }
    notes.accepted("lds: " + origin.name(), resource.value());
    if (present != null && present.origin().config().equals(origin.config())) {
      present.restate(origin); // other words for the same
      return null;
    }
    var error =
        present == null
            ? add(origin, newListener(origin.config()), leaving)
            : update(present, origin);
    if (error == null) {
      LOG.log(System.Logger.Level.INFO, "lds: add/update listener ''{0}''", origin.name());
    }
    return error;
  }

  private @Nullable String add(
      Origin<ListenerConfig> origin, ActiveListener listener, List<ListenerEntry> leaving) {
    if (stopped) {
      listener.stop();
    }
    var error = put(origin, listener, leaving);
    if (error == null) {
      scope.counter("listener_added").increment();
    }
    return error;
  }

  private @Nullable String update(ListenerEntry present, Origin<ListenerConfig> next) {
    var forbidden = ListenerRules.forbiddenChange(present.origin().config(), next.config());
    if (forbidden.isPresent()) {
      return forbidden.get();
    }
    var error = put(next, present.listener(), List.of());
    if (error == null) {
      scope.counter("listener_modified").increment();
    }
    return error;
  }

  /// @return why it cannot be; null if it can
  private @Nullable String put(
      Origin<ListenerConfig> origin, ActiveListener listener, List<ListenerEntry> leaving) {
    try {
      var entry = prepare(origin, listener, leaving);
      var error = entry.warm().isDone() ? serve(entry) : null;
      if (error == null) {
        listeners.put(origin.name(), entry);
      }
      return error;
    } catch (IOException e) {
      return refused(origin, String.valueOf(e.getMessage()));
    }
  }

  private String refused(Origin<ListenerConfig> origin, String error) {
    scope.counter("listener_create_failure").increment();
    CONFIG_LOG.log(
        System.Logger.Level.ERROR,
        "listener ''{0}'' failed to bind or apply socket options: {1}",
        origin.name(),
        error);
    return error;
  }

  /// A listener that leaves may hold the address until it is closed; where the address can be
  /// shared, it is closed afterwards, and no connection is turned away.
  private static ListenerEntry prepare(
      Origin<ListenerConfig> origin, ActiveListener listener, List<ListenerEntry> leaving)
      throws IOException {
    try {
      return new ListenerEntry(origin, listener, listener.prepare(origin.config()));
    } catch (IOException e) {
      if (leaving.isEmpty()) {
        throw e;
      }
      leaving.forEach(old -> old.listener().stop());
      return new ListenerEntry(origin, listener, listener.prepare(origin.config()));
    }
  }

  private ActiveListener newListener(ListenerConfig config) {
    return new ActiveListener(config, services);
  }

  private Collection<ListenerConfig> othersThan(String name) {
    return listeners.latest().stream()
        .map(entry -> entry.origin().config())
        .filter(config -> !config.name().equals(name))
        .toList();
  }

  private Stream<ListenerEntry> take(String name) {
    var active = listeners.active(name);
    var entry = active == null ? listeners.warming(name) : active;
    if (entry == null || !entry.origin().viaApi()) {
      return Stream.empty();
    }
    listeners.remove(name);
    scope.counter("listener_removed").increment();
    LOG.log(System.Logger.Level.INFO, "lds: remove listener ''{0}''", name);
    return Stream.of(entry);
  }

  private void drain(ListenerEntry entry) {
    draining.add(entry);
    entry
        .listener()
        .drain(services.drainTime())
        .thenRunAsync(
            () -> {
              draining.remove(entry);
              gauges();
            },
            services.main());
  }

  /// Stops accepting (`/drain_listeners`); open connections go on, and so does the process. Those
  /// that come later do not accept either.
  ///
  /// @param inboundOnly only those whose `traffic_direction` is `INBOUND`
  public void stop(boolean inboundOnly) {
    services.main().check();
    stopped |= !inboundOnly;
    for (var entry : listeners.latest()) {
      var direction = entry.origin().config().report().direction();
      var wanted = !inboundOnly || direction == TrafficDirection.INBOUND;
      if (wanted && entry.listener().accepting()) {
        scope.counter("listener_stopped").increment();
      }
      if (wanted) {
        entry.listener().stop();
      }
    }
    gauges();
  }

  /// Closes the connections of one listener in the course of the drain time, the idle ones first.
  ///
  /// @param accepts whether it goes on accepting
  /// @return false if there is no such listener
  boolean drainListener(String name, boolean accepts) {
    services.main().check();
    var entry = listeners.active(name);
    if (entry == null) {
      return false;
    }
    if (!accepts && entry.listener().accepting()) {
      entry.listener().stop();
      scope.counter("listener_stopped").increment();
    }
    entry.listener().drain(_ -> true, services.drainTime(), () -> {});
    gauges();
    return true;
  }

  /// Closes the connections to one host in the course of the drain time, the idle ones first,
  /// whichever listener they came through.
  void drainEndpoint(String address) {
    services.main().check();
    everyListener()
        .forEach(entry ->
            entry
                .listener()
                .drain(
                    connection -> connection.record().isTo(address),
                    services.drainTime(),
                    () -> {}));
  }

  /// Stops accepting, and closes what is open in the course of that time.
  ///
  /// @return completed when no connection is left
  CompletableFuture<Void> drain(Duration time) {
    return CompletableFuture.allOf(
        everyListener()
            .map(entry -> entry.listener().drain(time))
            .toArray(CompletableFuture<?>[]::new));
  }

  /// Closes all listeners and all connections at once.
  ///
  /// @return completed when no connection is left
  CompletableFuture<Void> close() {
    return CompletableFuture.allOf(
        everyListener()
            .map(entry -> entry.listener().close())
            .toArray(CompletableFuture<?>[]::new));
  }

  private Stream<ListenerEntry> everyListener() {
    return Stream.concat(listeners.latest().stream(), draining.stream());
  }

  private void gauges() {
    all = everyListener().map(ListenerEntry::listener).toList();
    services
        .surroundings()
        .directory()
        .publish(listeners.active().values().stream().map(ListenerEntry::listener).toList());
    scope.gauge("total_listeners_active").set(listeners.active().size());
    scope.gauge("total_listeners_warming").set(listeners.warming().size());
    scope.gauge("total_listeners_draining").set(draining.size());
  }

  /// How many connections are open, also those of listeners that are draining. Any thread; a moment
  /// old.
  public long connections() {
    return all.stream().mapToLong(ActiveListener::connections).sum();
  }

  /// All that serve, or are about to when the workers start.
  List<ListenerStatus> active() {
    return listeners.active().values().stream().map(ListenerEntry::status).toList();
  }

  /// All that wait for something.
  List<ListenerStatus> warming() {
    return listeners.warming().values().stream().map(ListenerEntry::status).toList();
  }

  /// Those that are configured no more and have connections left.
  List<ListenerStatus> draining() {
    return draining.stream().map(ListenerEntry::status).toList();
  }

  /// The version of the last push that was applied whole; empty before the first.
  String version() {
    return version;
  }
}
