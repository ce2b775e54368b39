package dev.weir.config;

import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerTokenBucket;
import io.envoyproxy.envoy.config.core.v3.RuntimeFeatureFlag;
import io.envoyproxy.envoy.extensions.filters.listener.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import java.time.Duration;

/// Makes [LocalRateLimitConfig]s, for listeners and filter chains alike.
final class LocalRateLimitDecoder {
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);

  private LocalRateLimitDecoder() {}

  static LocalRateLimitConfig ofListener(LocalRateLimit wire, Field at) {
    return new LocalRateLimitConfig(
        wire.getStatPrefix(),
        bucket(wire.getTokenBucket(), at),
        enabled(wire.hasRuntimeEnabled(), wire.getRuntimeEnabled()),
        "");
  }

  static LocalRateLimitConfig ofChain(
      io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit wire,
      Field at) {
    return new LocalRateLimitConfig(
        wire.getStatPrefix(),
        bucket(wire.getTokenBucket(), at),
        enabled(wire.hasRuntimeEnabled(), wire.getRuntimeEnabled()),
        wire.getShareKey());
  }

  private static LocalRateLimitConfig.Bucket bucket(TokenBucket wire, Field at) {
    var interval = ScalarDecoder.duration(true, wire.getFillInterval(), Duration.ZERO);
    at.at("token_bucket")
        .at("fill_interval")
        .check(
            interval.compareTo(SHORTEST_INTERVAL) >= 0,
            "local rate limit token bucket fill timer must be >= 50ms");
    int max = NewerFields.of(wire, NewerTokenBucket.getDefaultInstance()).getMaxTokens();
    return new LocalRateLimitConfig.Bucket(
        Math.max(max, wire.getMaxTokens()),
        ScalarDecoder.size(wire.hasTokensPerFill(), wire.getTokensPerFill(), 1),
        interval);
  }

  /// Runtime keys are not looked up: the default value is the value.
  static boolean enabled(boolean set, RuntimeFeatureFlag wire) {
    return !set || wire.getDefaultValue().getValue();
  }
}
