package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig;
import dev.weir.http.route.HeaderTests;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.upstream.Clusters;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.health_check`: answers checks of the gateway itself. Any worker.
final class HealthCheckFilter implements HttpFilterFactory {
  private static final int HEALTHY = 200;
  private static final int UNAVAILABLE = 503;
  private static final int PERCENT = 100;

  private final HttpFilterConfig.HealthCheck config;
  private final HeaderTests tests;
  private final Clusters clusters;

  /// What the host answered last; null if that is not known, or too long ago.
  private volatile @Nullable Cached cached;

  /// @param until on the workers' clock
  private record Cached(int status, long until) {}

  HealthCheckFilter(HttpFilterConfig.HealthCheck config, Clusters clusters) {
    this.config = config;
    this.tests = HeaderTests.of(config.headers());
    this.clusters = clusters;
  }

  @Override
  public HttpFilter create(FilterStream stream) {
    return new One(stream);
  }

  private final class One implements HttpFilter {
    private final FilterStream stream;
    private boolean check;

    One(FilterStream stream) {
      this.stream = stream;
    }

    @Override
    public Step onRequestHeaders(Http2Headers headers, boolean end) {
      check = tests.all(headers);
      if (!check) {
        return Step.CONTINUE;
      }
      stream.facts().markHealthCheck();
      var reply = config.passThrough() ? fromCache() : ofClusters();
      if (reply == null) {
        return Step.CONTINUE;
      }
      if (reply.status() != HEALTHY) {
        stream.record().flag(ResponseFlag.LH);
      }
      stream.reply(reply);
      return Step.STOP;
    }

    private long now() {
      return stream.connection().worker().now();
    }

    private @Nullable LocalReply fromCache() {
      var last = cached;
      return last == null || last.until <= now()
          ? null
          : LocalReply.of(last.status, "", "health_check_cached");
    }

    @Override
    public void onResponseHeaders(Http2Headers headers, boolean end) {
      var last = cached;
      boolean wanted = check && config.passThrough() && config.cacheTime().isPositive();
      if (wanted && (last == null || last.until <= now())) {
        int status = Integer.parseInt(String.valueOf(headers.status()));
        cached = new Cached(status, now() + config.cacheTime().toMillis());
      }
    }
  }

  private LocalReply ofClusters() {
    var minima = config.minimumHealthy();
    for (var minimum : minima.entrySet()) {
      var cluster = clusters.find(minimum.getKey());
      if (cluster == null) {
        return LocalReply.of(UNAVAILABLE, "", "health_check_failed_no_cluster_found");
      }
      var gauges = cluster.stats().scope();
      long total = gauges.gauge("membership_total").value();
      long good =
          gauges.gauge("membership_healthy").value() + gauges.gauge("membership_degraded").value();
      if (total == 0 && minimum.getValue() > 0) {
        return LocalReply.of(UNAVAILABLE, "", "health_check_failed_cluster_empty");
      }
      if (good * PERCENT < total * minimum.getValue()) {
        return LocalReply.of(UNAVAILABLE, "", "health_check_failed_cluster_unhealthy");
      }
    }
    return LocalReply.of(
        HEALTHY, "", minima.isEmpty() ? "health_check_ok" : "health_check_ok_cluster_healthy");
  }
}
