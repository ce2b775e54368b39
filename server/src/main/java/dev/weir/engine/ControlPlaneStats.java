package dev.weir.engine;

import dev.weir.telemetry.StatScope;
import dev.weir.xds.ControlPlaneObserver;

/// Counts what happens to a connection with a control plane, by the names below `control_plane`.
public final class ControlPlaneStats implements ControlPlaneObserver {
  private final StatScope scope;

  public ControlPlaneStats(StatScope scope) {
    this.scope = scope;
    connected(false);
  }

  @Override
  public void connected(boolean connected) {
    scope.gauge("connected_state").set(connected ? 1 : 0);
  }

  @Override
  public void pendingRequests(int count) {
    scope.gauge("pending_requests").set(count);
  }

  @Override
  public void rateLimitEnforced() {
    scope.counter("rate_limit_enforced").increment();
  }

  @Override
  public void identifier(String identifier) {
    scope.text("identifier").set(identifier);
  }
}
