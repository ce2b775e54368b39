package dev.weir.config;

/// `config.cluster.v3.CircuitBreakers`, with the limits for both routing priorities. Limits are
/// unsigned 32-bit.
///
/// @param perHostMaxConnections `per_host_thresholds`; unlimited where unset
public record CircuitBreakersConfig(
    Thresholds normal, Thresholds high, long perHostMaxConnections) {

  /// No limit.
  public static final long UNLIMITED = Long.MAX_VALUE;

  /// `CircuitBreakers.Thresholds`.
  ///
  /// @param trackRemaining publishes `remaining_…` gauges
  public record Thresholds(
      long maxConnections,
      long maxPendingRequests,
      long maxRequests,
      long maxRetries,
      long maxConnectionPools,
      boolean trackRemaining) {
    /// 1024, 1024, 1024, 3, and any number of pools.
    public static final Thresholds DEFAULT = new Thresholds(1024, 1024, 1024, 3, UNLIMITED, false);
  }

  /// Both priorities at their defaults.
  public static final CircuitBreakersConfig DEFAULT =
      new CircuitBreakersConfig(Thresholds.DEFAULT, Thresholds.DEFAULT, UNLIMITED);
}
