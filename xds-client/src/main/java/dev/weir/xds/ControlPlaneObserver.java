package dev.weir.xds;

/// What happens to a connection with a control plane, for the counters below `control_plane.`.
/// Called on the main loop.
public interface ControlPlaneObserver {
  /// Nobody counts.
  ControlPlaneObserver NONE = new ControlPlaneObserver() {};

  /// `connected_state`.
  default void connected(boolean connected) {}

  /// `pending_requests`: how many wait for the rate limit.
  default void pendingRequests(int count) {}

  /// `rate_limit_enforced`.
  default void rateLimitEnforced() {}

  /// `identifier`: who answers.
  default void identifier(String identifier) {}
}
