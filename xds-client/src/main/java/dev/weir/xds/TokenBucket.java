package dev.weir.xds;

import dev.weir.xds.ApiConfig.RateLimit;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Lets a burst through, then a steady rate. Main loop only.
final class TokenBucket {
  private static final double NANOS = 1e9;

  private final RateLimit limit;
  private final LongSupplier nanoTime;
  private double tokens;
  private long filledAt;

  /// Begins full.
  TokenBucket(RateLimit limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
    tokens = limit.maxTokens();
    filledAt = nanoTime.getAsLong();
  }

  /// Takes a token if there is one.
  boolean take() {
    var now = nanoTime.getAsLong();
    tokens = Math.min(limit.maxTokens(), tokens + (now - filledAt) / NANOS * limit.fillRate());
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }

  /// How long it takes until there is one, after [#take] found none.
  Duration untilNext() {
    return Duration.ofNanos((long) Math.ceil((1 - tokens) / limit.fillRate() * NANOS));
  }
}
