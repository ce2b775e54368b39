package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.LocalRateLimit;
import dev.weir.http.route.HeaderEdits;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AttributeKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.local_ratelimit`: lets so many requests pass in a time, on all workers
/// together. Any worker.
final class LocalRateLimitFilter implements HttpFilterFactory {
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNAVAILABLE = 14;

  /// The buckets of a connection: whichever limit comes first makes them.
  private static final AttributeKey<RateBuckets> OF_CONNECTION =
      AttributeKey.valueOf(LocalRateLimitFilter.class, "");

  private final String name;
  private final Limit own;
  private final Stats stats;

  /// The limits of routes; one for each that says something of its own.
  private final Map<LocalRateLimit, Limit> ofRoutes = new ConcurrentHashMap<>();

  LocalRateLimitFilter(String name, LocalRateLimit config, Stats stats) {
    this.name = name;
    this.stats = stats;
    this.own = new Limit(config, stats);
  }

  private static final class Limit {
    private final LocalRateLimit config;
    private final RateBuckets shared;
    private final HeaderEdits notEnforced;
    private final HeaderEdits refused;
    private final StatScope scope;
    private final Counter enabled;
    private final Counter enforced;
    private final Counter limited;
    private final Counter ok;

    Limit(LocalRateLimit config, Stats stats) {
      this.config = config;
      this.shared = new RateBuckets(config);
      this.notEnforced = HeaderEdits.of(config.handling().notEnforced());
      this.refused = HeaderEdits.of(config.handling().refused());
      this.scope =
          stats.scope(
              config.statPrefix() + ".http_local_rate_limit", StatFamilies.HTTP_LOCAL_RATE_LIMIT);
      this.enabled = scope.counter("enabled");
      this.enforced = scope.counter("enforced");
      this.limited = scope.counter("rate_limited");
      this.ok = scope.counter("ok");
    }

    RateBuckets buckets(FilterStream stream) {
      if (!config.handling().scope().perConnection()) {
        return shared;
      }
      var own = stream.connection().channel().attr(OF_CONNECTION);
      var present = own.get();
      if (present == null) {
        present = new RateBuckets(config);
        own.set(present);
      }
      return present;
    }
  }

  @Override
  public HttpFilter create(FilterStream stream) {
    return new OneRequest(stream);
  }

  @Override
  public void close() {
    own.scope.close();
    ofRoutes.values().forEach(limit -> limit.scope.close());
  }

  private Limit limit(FilterStream stream) {
    return stream.override(name) instanceof LocalRateLimit config
        ? ofRoutes.computeIfAbsent(config, it -> new Limit(it, stats))
        : own;
  }

  private final class OneRequest implements HttpFilter {
    private final FilterStream stream;

    /// The bucket that decided, if the response says how much is left in it.
    private @Nullable RateTokens told;

    OneRequest(FilterStream stream) {
      this.stream = stream;
    }

    @Override
    public Step onRequestHeaders(Http2Headers headers, boolean end) {
      var limit = limit(stream);
      var random = ThreadLocalRandom.current();
      if (!limit.config.enabled().includes(random.nextLong())) {
        return Step.CONTINUE;
      }
      limit.enabled.increment();
      var verdict = limit.buckets(stream).take(RateDescriptors.of(limit.config, stream));
      told = limit.config.handling().tells() ? verdict.bucket() : null;
      if (verdict.allowed()) {
        limit.ok.increment();
        return Step.CONTINUE;
      }
      limit.limited.increment();
      if (!limit.config.enforced().includes(random.nextLong())) {
        limit.notEnforced.apply(headers, stream.record());
        return Step.CONTINUE;
      }
      limit.enforced.increment();
      refuse(limit);
      return Step.STOP;
    }

    private void refuse(Limit limit) {
      stream.record().flag(ResponseFlag.RL);
      var handling = limit.config.handling();
      stream.reply(
          new LocalReply(
              handling.status(),
              "local_rate_limited",
              "local_rate_limited",
              handling.exhausted() ? RESOURCE_EXHAUSTED : UNAVAILABLE,
              headers -> limit.refused.apply(headers, stream.record())));
    }

    @Override
    public void onResponseHeaders(Http2Headers headers, boolean end) {
      if (told != null) {
        headers.set("x-ratelimit-limit", Long.toString(told.max()));
        headers.set("x-ratelimit-remaining", Long.toString(told.remaining()));
        headers.set("x-ratelimit-reset", Long.toString(told.secondsToNext()));
      }
    }
  }
}
