package dev.weir.connection;

import dev.weir.config.LocalRateLimitConfig.Bucket;
import java.util.concurrent.atomic.AtomicLong;

/// Tokens that come back steadily, up to a limit. It begins full. Any thread.
///
/// What is kept is not the number of tokens but the moment at which the bucket was last empty, as
/// far as it matters: then filling takes no timer, and taking is one compare-and-set.
public final class TokenBucket {
  private final long max;
  private final double nanosPerToken;
  private final AtomicLong emptyAt;

  /// A full bucket.
  public TokenBucket(Bucket config) {
    this(config, System.nanoTime());
  }

  TokenBucket(Bucket config, long now) {
    this.max = config.maxTokens();
    this.nanosPerToken = (double) config.fillInterval().toNanos() / config.tokensPerFill();
    this.emptyAt = new AtomicLong(now - whole());
  }

  /// How long an empty bucket takes until it is full.
  private long whole() {
    return (long) Math.ceil(max * nanosPerToken);
  }

  /// Takes a token.
  ///
  /// @param now by [System#nanoTime]
  /// @return false if there is none
  public boolean take(long now) {
    long token = Math.round(nanosPerToken);
    while (true) {
      long before = emptyAt.get();
      long from = Math.max(before - now, -whole()) + now;
      if (max == 0 || now - from < token) {
        return false;
      }
      if (emptyAt.compareAndSet(before, from + token)) {
        return true;
      }
    }
  }
}
