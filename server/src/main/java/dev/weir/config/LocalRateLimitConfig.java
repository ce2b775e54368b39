package dev.weir.config;

import java.time.Duration;

/// A bucket of tokens, of which each connection takes one (`local_ratelimit` of listeners and of
/// filter chains).
///
/// @param enabled `runtime_enabled`
/// @param shareKey filters with the same key share one bucket; empty for a bucket of one's own
public record LocalRateLimitConfig(
    String statPrefix, Bucket bucket, boolean enabled, String shareKey) {

  /// `type.v3.TokenBucket`. It fills steadily.
  ///
  /// @param tokensPerFill how many come within each interval
  public record Bucket(int maxTokens, int tokensPerFill, Duration fillInterval) {}
}
