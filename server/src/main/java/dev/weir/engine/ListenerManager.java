package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.listener.ActiveListener;
import dev.weir.listener.ListenerOutcome;
import dev.weir.listener.ListenerServices;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.xds.Accepted;
import dev.weir.xds.Rejected;
import dev.weir.xds.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes live listeners of configured ones. Main loop only.
///
/// A changed listener keeps its sockets and its connections where it can: [ActiveListener] decides.
/// A pushed listener is bound when it comes, so that the control plane is told if that fails; those
/// of the start configuration are bound by [#startWorkers].
public final class ListenerManager {
  private static final System.Logger LOG = System.getLogger("upstream");
  private static final System.Logger CONFIG_LOG = System.getLogger("config");

  private final ListenerServices services;
  private final int workers;
  private final StatScope scope;
  private final Map<String, ListenerEntry> listeners = new LinkedHashMap<>();
  private final List<ListenerEntry> draining = new ArrayList<>();
  private String version = "";
  private boolean stopped;
  private volatile List<ActiveListener> all = List.of();

  /// @param services what all listeners share
  /// @param workers how many threads serve each listener
  public ListenerManager(ListenerServices services, int workers) {
    this.services = services;
    this.workers = workers;
    this.scope =
        services.telemetry().stats().scope("listener_manager", StatFamilies.LISTENER_MANAGER);
  }

  /// Takes the listeners of the start configuration, to be bound by [#startWorkers].
  ///
  /// @throws StartException if two of them want one address
  void addStatic(Collection<Accepted<Checked<ListenerConfig>>> all) throws StartException {
    services.main().check();
    for (var resource : all) {
      var origin = new Origin<>(resource, false, services.main().now());
      var conflict = ListenerRules.conflict(origin.config(), othersThan(origin.name()));
      if (conflict.isPresent()) {
        throw new StartException(conflict.get());
      }
      Warnings.log("static listener " + origin.name(), resource.value().warnings());
      listeners.put(key(origin), create(origin));
      scope.counter("listener_added").increment();
    }
    gauges();
  }

  /// Static listeners may be called alike.
  private String key(Origin<ListenerConfig> origin) {
    var name = origin.name();
    while (listeners.containsKey(name)) {
      name += "'";
    }
    return name;
  }

  /// Lets the listeners of the start configuration accept connections.
  ///
  /// @throws StartException if a socket cannot be bound
  void startWorkers() throws StartException {
    services.main().check();
    for (var entry : listeners.values()) {
      if (!entry.origin().viaApi() && bind(entry) instanceof ListenerOutcome.Refused(var error)) {
        throw new StartException(error);
      }
    }
    scope.gauge("workers_started").set(1);
  }

  /// Applies what a control plane pushed: what goes goes first, so that another can have its
  /// address.
  ///
  /// @return what cannot be applied
  List<Rejected> apply(Update<Checked<ListenerConfig>> update) {
    services.main().check();
    var rejected = new ArrayList<Rejected>();
    update.rejected().forEach(bad -> Warnings.rejected("lds: listener", bad));
    var leaving = update.removed().stream().flatMap(this::take).toList();
    for (var resource : update.changed()) {
      var error = addOrUpdate(resource, leaving);
      if (error != null) {
        var bad = new Rejected(resource.name(), error);
        Warnings.rejected("lds: listener", bad);
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
    var present = listeners.get(origin.name());
    if (present != null && !present.origin().viaApi()) {
      return null; // a static listener stays as it is
    }
    var conflict = ListenerRules.conflict(origin.config(), othersThan(origin.name()));
    if (conflict.isPresent()) {
      CONFIG_LOG.log(System.Logger.Level.WARNING, "{0}", conflict.get());
      return conflict.get();
    }
    Warnings.log("lds: " + origin.name(), resource.value().warnings());
    var error = present == null ? add(origin, leaving) : update(present, origin);
    if (error == null) {
      LOG.log(System.Logger.Level.INFO, "lds: add/update listener ''{0}''", origin.name());
    }
    return error;
  }

  private @Nullable String add(Origin<ListenerConfig> origin, List<ListenerEntry> leaving) {
    var entry = create(origin);
    if (!stopped && bind(entry, leaving) instanceof ListenerOutcome.Refused(var error)) {
      return refused(origin, error);
    }
    listeners.put(origin.name(), entry);
    scope.counter("listener_added").increment();
    return null;
  }

  private @Nullable String update(ListenerEntry present, Origin<ListenerConfig> next) {
    var from = present.origin().config();
    if (present.state() == ListenerEntry.State.WAITING) {
      listeners.put(next.name(), create(next));
      return null;
    }
    var forbidden = ListenerRules.forbiddenChange(from, next.config());
    if (forbidden.isPresent()) {
      return forbidden.get();
    }
    if (present.listener().update(next.config()) instanceof ListenerOutcome.Refused(var error)) {
      return refused(next, error);
    }
    present.origin(next);
    if (present.state() == ListenerEntry.State.STOPPED) {
      present.listener().stop(); // where it was to have moved
    }
    scope.counter("listener_modified").increment();
    scope.counter("listener_create_success").add(workers);
    if (ListenerRules.onlyChainsDiffer(from, next.config())) {
      scope.counter("listener_in_place_updated").increment();
    }
    return null;
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
  private ListenerOutcome bind(ListenerEntry entry, List<ListenerEntry> leaving) {
    var outcome = bind(entry);
    if (outcome instanceof ListenerOutcome.Refused && !leaving.isEmpty()) {
      leaving.forEach(old -> old.listener().stop());
      outcome = bind(entry);
    }
    return outcome;
  }

  private ListenerOutcome bind(ListenerEntry entry) {
    var outcome = entry.listener().bind();
    if (outcome instanceof ListenerOutcome.Applied) {
      entry.state(ListenerEntry.State.SERVING);
      scope.counter("listener_create_success").add(workers);
    }
    return outcome;
  }

  private ListenerEntry create(Origin<ListenerConfig> origin) {
    return new ListenerEntry(origin, new ActiveListener(origin.config(), services));
  }

  private Collection<ListenerConfig> othersThan(String name) {
    return listeners.values().stream()
        .map(entry -> entry.origin().config())
        .filter(config -> !config.name().equals(name))
        .toList();
  }

  private Stream<ListenerEntry> take(String name) {
    var entry = listeners.get(name);
    if (entry == null || !entry.origin().viaApi()) {
      return Stream.empty();
    }
    listeners.remove(name);
    scope.counter("listener_removed").increment();
    LOG.log(System.Logger.Level.INFO, "lds: remove listener ''{0}''", name);
    return Stream.of(entry);
  }

  private void drain(ListenerEntry entry) {
    entry.state(ListenerEntry.State.DRAINING);
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
    for (var entry : listeners.values()) {
      var direction = entry.origin().config().report().direction();
      var wanted = !inboundOnly || direction == TrafficDirection.INBOUND;
      if (wanted && entry.state() == ListenerEntry.State.SERVING) {
        entry.listener().stop();
        entry.state(ListenerEntry.State.STOPPED);
        scope.counter("listener_stopped").increment();
      }
    }
    gauges();
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
    return Stream.concat(listeners.values().stream(), draining.stream());
  }

  private void gauges() {
    all = everyListener().map(ListenerEntry::listener).toList();
    scope.gauge("total_listeners_active").set(listeners.size());
    scope.gauge("total_listeners_draining").set(draining.size());
  }

  /// How many connections are open, also those of listeners that are draining. Any thread; a moment
  /// old.
  public long connections() {
    return all.stream().mapToLong(ActiveListener::connections).sum();
  }

  /// All that are configured.
  List<ListenerStatus> active() {
    return listeners.values().stream().map(ListenerEntry::status).toList();
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
