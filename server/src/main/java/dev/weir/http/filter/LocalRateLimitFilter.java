package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.LocalRateLimit;
import dev.weir.config.http.HttpFilterConfig.LocalRateLimit.Bucket;
import dev.weir.http.route.HeaderEdits;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.telemetry.StatScope;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.local_ratelimit`: lets so many requests pass in a time, on all workers
/// together. Any worker.
final class LocalRateLimitFilter implements HttpFilterFactory {
  private static final int RESOURCE_EXHAUSTED = 14;

  private final String name;
  private final Limit own;
  private final StatScope scope;

  /// The limits of routes; one for each that says something of its own.
  private final Map<LocalRateLimit, Limit> ofRoutes = new ConcurrentHashMap<>();

  LocalRateLimitFilter(String name, LocalRateLimit config, StatScope scope) {
    this.name = name;
    this.scope = scope;
    this.own = new Limit(config, scope);
  }

  private static final class Limit {
    private final LocalRateLimit config;
    private final @Nullable Tokens tokens;
    private final HeaderEdits headers;
    private final Counter enabled;
    private final Counter enforced;
    private final Counter limited;
    private final Counter ok;

    Limit(LocalRateLimit config, StatScope scope) {
      this.config = config;
      var bucket = config.bucket();
      this.tokens = bucket == null ? null : new Tokens(bucket);
      this.headers = HeaderEdits.of(config.headers());
      var prefix = config.statPrefix() + ".http_local_rate_limit.";
      this.enabled = scope.counter(prefix + "enabled");
      this.enforced = scope.counter(prefix + "enforced");
      this.limited = scope.counter(prefix + "rate_limited");
      this.ok = scope.counter(prefix + "ok");
    }
  }

  /// A bucket of tokens, filled as time goes by. Any thread.
  private static final class Tokens {
    private final Bucket bucket;
    private final long nanosPerToken;

    /// When the bucket would have been empty, had all that is in it now flowed in since.
    private final AtomicLong emptyAt;

    Tokens(Bucket bucket) {
      this.bucket = bucket;
      this.nanosPerToken = Math.max(1, bucket.interval().toNanos() / bucket.fill());
      this.emptyAt = new AtomicLong(System.nanoTime() - bucket.maxTokens() * nanosPerToken);
    }

    boolean take() {
      while (true) {
        long now = System.nanoTime();
        long before = emptyAt.get();
        long since = Math.max(before, now - bucket.maxTokens() * nanosPerToken);
        if (now - since < nanosPerToken) {
          return false;
        }
        if (emptyAt.compareAndSet(before, since + nanosPerToken)) {
          return true;
        }
      }
    }
  }

  @Override
  public HttpFilter create(FilterStream stream) {
    var limit =
        stream.override(name) instanceof LocalRateLimit config
            ? ofRoutes.computeIfAbsent(config, it -> new Limit(it, scope))
            : own;
    return new HttpFilter() {
      @Override
      public Step onRequestHeaders(Http2Headers headers, boolean end) {
        return LocalRateLimitFilter.check(limit, stream) ? Step.CONTINUE : Step.STOP;
      }
    };
  }

  private static boolean check(Limit limit, FilterStream stream) {
    var random = ThreadLocalRandom.current();
    if (!limit.config.enabled().includes(random.nextLong())) {
      return true;
    }
    limit.enabled.increment();
    if (limit.tokens == null || limit.tokens.take()) {
      limit.ok.increment();
      return true;
    }
    limit.limited.increment();
    if (!limit.config.enforced().includes(random.nextLong())) {
      return true;
    }
    limit.enforced.increment();
    stream.record().flag(ResponseFlag.RL);
    stream.reply(
        new LocalReply(
            limit.config.status(),
            "local_rate_limited",
            "local_rate_limited",
            RESOURCE_EXHAUSTED,
            headers -> limit.headers.apply(headers, stream.record())));
    return false;
  }
}
