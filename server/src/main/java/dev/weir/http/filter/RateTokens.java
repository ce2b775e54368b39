package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.LocalRateLimit.Bucket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A bucket of tokens, filled as time goes by. Any thread.
final class RateTokens {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long max;
  private final long nanosPerToken;

  /// When the bucket would have been empty, had all that is in it now flowed in since.
  private final AtomicLong emptyAt;

  RateTokens(Bucket bucket) {
    this.max = bucket.maxTokens();
    this.nanosPerToken = Math.max(1, bucket.interval().toNanos() / bucket.fill());
    this.emptyAt = new AtomicLong(System.nanoTime() - max * nanosPerToken);
  }

  boolean take() {
    while (true) {
      long now = System.nanoTime();
      long before = emptyAt.get();
      long since = Math.max(before, now - max * nanosPerToken);
      if (now - since < nanosPerToken) {
        return false;
      }
      if (emptyAt.compareAndSet(before, since + nanosPerToken)) {
        return true;
      }
    }
  }

  /// How long one token takes to come.
  long nanosPerToken() {
    return nanosPerToken;
  }

  /// How many fit.
  long max() {
    return max;
  }

  /// How many there are.
  long remaining() {
    return Math.min(max, (System.nanoTime() - emptyAt.get()) / nanosPerToken);
  }

  /// When there will be one, in seconds, rounded up; 0 for now.
  long secondsToNext() {
    long missing = nanosPerToken - (System.nanoTime() - emptyAt.get());
    return missing <= 0 ? 0 : (missing + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
  }
}
