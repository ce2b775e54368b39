package dev.weir.listener.inspect;

import dev.weir.config.LocalRateLimitConfig;
import dev.weir.connection.Connection;
import dev.weir.connection.TokenBucket;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import io.netty.buffer.ByteBuf;

/// `envoy.filters.listener.local_ratelimit`: closes connections that come faster than its bucket
/// fills. Any worker.
final class LocalRateLimit implements Inspector {
  private final LocalRateLimitConfig config;
  private final TokenBucket bucket;
  private final StatScope stats;

  LocalRateLimit(LocalRateLimitConfig config, Stats stats) {
    this.config = config;
    this.bucket = new TokenBucket(config.bucket());
    this.stats =
        stats.scope(
            "listener_local_ratelimit." + config.statPrefix(), StatFamilies.LOCAL_RATE_LIMIT);
  }

  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    if (!config.enabled() || bucket.take(System.nanoTime())) {
      return Verdict.DONE;
    }
    stats.counter("rate_limited").increment();
    return Verdict.REFUSE;
  }

  @Override
  public void close() {
    stats.close();
  }
}
