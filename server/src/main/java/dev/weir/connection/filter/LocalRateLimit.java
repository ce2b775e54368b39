package dev.weir.connection.filter;

import dev.weir.config.LocalRateLimitConfig;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.connection.TokenBucket;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;

/// `envoy.filters.network.local_ratelimit`: closes connections that come faster than a bucket
/// fills. Any worker.
public final class LocalRateLimit implements NetworkFilter {
  private final boolean enabled;
  private final TokenBucket bucket;
  private final StatScope scope;
  private final Counter limited;

  /// @param bucket its own, or one that it shares with others
  public LocalRateLimit(LocalRateLimitConfig config, TokenBucket bucket, Stats stats) {
    this.enabled = config.enabled();
    this.bucket = bucket;
    this.scope =
        stats.scope("local_rate_limit." + config.statPrefix(), StatFamilies.LOCAL_RATE_LIMIT);
    this.limited = scope.counter("rate_limited");
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    if (!enabled || bucket.take(System.nanoTime())) {
      next.run();
      return;
    }
    limited.increment();
    connection.record().flag(ResponseFlag.URX);
    connection.close(CloseReason.RATE_LIMITED);
  }

  @Override
  public void close() {
    scope.close();
  }
}
