package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig;
import dev.weir.http.route.HeaderTests;
import io.netty.handler.codec.http2.Http2Headers;

/// `envoy.filters.http.health_check`: answers checks of the gateway itself. Immutable; any worker.
final class HealthCheckFilter implements HttpFilterFactory {
  private final HttpFilterConfig.HealthCheck config;
  private final HeaderTests tests;

  HealthCheckFilter(HttpFilterConfig.HealthCheck config) {
    this.config = config;
    this.tests = HeaderTests.of(config.headers());
  }

  @Override
  public HttpFilter create(FilterStream stream) {
    return new HttpFilter() {
      @Override
      public Step onRequestHeaders(Http2Headers headers, boolean end) {
        if (!tests.all(headers)) {
          return Step.CONTINUE;
        }
        stream.facts().markHealthCheck();
        if (config.passThrough()) {
          return Step.CONTINUE;
        }
        stream.reply(LocalReply.of(200, "", "health_check_ok"));
        return Step.STOP;
      }
    };
  }
}
