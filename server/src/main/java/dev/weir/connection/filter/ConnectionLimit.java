package dev.weir.connection.filter;

import dev.weir.config.NetworkFilterConfig;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import java.util.concurrent.atomic.AtomicLong;

/// `envoy.filters.network.connection_limit`: closes connections beyond a number, at once or after a
/// delay. Any worker.
public final class ConnectionLimit implements NetworkFilter {
  private final NetworkFilterConfig.ConnectionLimit config;
  private final StatScope scope;
  private final Counter limited;
  private final Gauge active;
  private final AtomicLong open = new AtomicLong();

  /// @param stats where it counts
  public ConnectionLimit(NetworkFilterConfig.ConnectionLimit config, Stats stats) {
    this.config = config;
    this.scope =
        stats.scope("connection_limit." + config.statPrefix(), StatFamilies.CONNECTION_LIMIT);
    this.limited = scope.counter("limited_connections");
    this.active = scope.gauge("active_connections");
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    if (!config.enabled()) {
      next.run();
      return;
    }
    active.increment();
    if (enter()) {
      connection.atEnd(this::leave);
      next.run();
    } else {
      limited.increment();
      connection.atEnd(active::decrement);
      Refusal.close(connection, CloseReason.OVER_LIMIT, config.delay());
    }
  }

  private boolean enter() {
    long before = open.get();
    while (before < config.max()) {
      if (open.compareAndSet(before, before + 1)) {
        return true;
      }
      before = open.get();
    }
    return false;
  }

  private void leave() {
    open.decrementAndGet();
    active.decrement();
  }

  @Override
  public void close() {
    scope.close();
  }
}
