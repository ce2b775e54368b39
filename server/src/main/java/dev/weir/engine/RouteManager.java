package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.config.HttpConnectionManagerConfig.Routes;
import dev.weir.config.Resources;
import dev.weir.config.http.MissingCluster;
import dev.weir.config.http.RouteTableConfig;
import dev.weir.http.RouteSource;
import dev.weir.http.RouteSources;
import dev.weir.http.route.RouteTable;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.xds.ConfigSource;
import dev.weir.xds.Names;
import dev.weir.xds.Rejected;
import dev.weir.xds.ResourceSink;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.Subscription;
import dev.weir.xds.Update;
import dev.weir.xds.XdsClient;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps the routes that a control plane pushes, for as long as a connection manager asks for them.
/// Main loop only.
///
/// Connection managers that ask the same source for one name share a subscription. A request takes
/// its route from the table that is in force when it begins.
public final class RouteManager implements RouteSources {
  private static final System.Logger LOG = System.getLogger("router");

  private final Dependencies with;
  private final Map<Routes.Rds, Entry> entries = new HashMap<>();

  /// What a route manager works with.
  ///
  /// @param clusterExists asked about clusters that routes name, where they are to be validated
  public record Dependencies(
      SerialLoop main,
      XdsClient xds,
      Resources resources,
      Predicate<String> clusterExists,
      Stats stats,
      ConfigNotes notes) {}

  public RouteManager(Dependencies with) {
    this.with = with;
  }

  @Override
  public RouteSource open(Routes.Rds routes, String statPrefix) {
    with.main.check();
    var entry = entries.get(routes);
    if (entry == null) {
      entry = new Entry(routes, statPrefix);
      entries.put(routes, entry);
      entry.subscribe();
    }
    entry.users++;
    return entry.user();
  }

  /// The routes of one name.
  private final class Entry implements ResourceSink<Checked<RouteTableConfig>> {
    private final Routes.Rds routes;
    private final StatScope scope;
    private final CompletableFuture<Void> warm = new CompletableFuture<>();
    private @Nullable Subscription subscription;
    private int users;
    private volatile RouteTable table = RouteTable.EMPTY;

    Entry(Routes.Rds routes, String statPrefix) {
      this.routes = routes;
      this.scope =
          with.stats.scope(
              "http." + statPrefix + ".rds." + routes.name(), StatFamilies.SUBSCRIPTION);
    }

    void subscribe() {
      try {
        subscription =
            with.xds.subscribe(
                routes.source(),
                with.resources.routes(),
                Names.of(routes.name()),
                this,
                new SubscriptionStats(scope, with.notes));
      } catch (UncheckedIOException e) {
        entries.remove(routes);
        scope.close();
        throw e;
      }
    }

    RouteSource user() {
      return new RouteSource() {
        private boolean closed;

        @Override
        public RouteTable table() {
          return table;
        }

        @Override
        public CompletableFuture<Void> warm() {
          return warm;
        }

        @Override
        public void close() {
          if (!closed) {
            closed = true;
            leave();
          }
        }
      };
    }

    private void leave() {
      with.main.check();
      if (--users == 0) {
        entries.remove(routes);
        if (subscription != null) {
          subscription.close();
        }
        scope.close();
      }
    }

    @Override
    public List<Rejected> apply(Update<Checked<RouteTableConfig>> update) {
      var rejected = new ArrayList<Rejected>();
      for (var changed : update.changed()) {
        var missing = MissingCluster.in(changed.value().value(), with.clusterExists);
        if (missing != null) {
          rejected.add(new Rejected(changed.name(), missing));
          continue;
        }
        with.notes.accepted("rds: " + changed.name(), changed.value());
        table = new RouteTable(changed.value().value());
        scope.counter("config_reload").increment();
        scope.gauge("config_reload_time_ms").set(System.currentTimeMillis());
        LOG.log(
            System.Logger.Level.DEBUG,
            "rds: loading new configuration: config_name={0}",
            changed.name());
      }
      rejected.forEach(bad -> with.notes.rejected("rds: route config", bad));
      update.rejected().forEach(bad -> with.notes.rejected("rds: route config", bad));
      warm.complete(null);
      return rejected; // routes that are gone stay in force, as long as they are asked for
    }

    @Override
    public void initialFetchTimedOut(Set<String> names) {
      warm.complete(null);
    }

    @Override
    public void failed(String reason) {
      if (routes.source() instanceof ConfigSource.File) {
        warm.complete(null);
      }
    }
  }
}
