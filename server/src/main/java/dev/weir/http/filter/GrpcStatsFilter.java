package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.RouteAction;
import dev.weir.config.http.RouteAction.Forward;
import dev.weir.http.Names;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.Clusters;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.grpc_stats`: counts gRPC calls below `cluster.<name>.grpc.`. Immutable; any
/// worker.
final class GrpcStatsFilter implements HttpFilterFactory {
  private final HttpFilterConfig.GrpcStats config;
  private final Clusters clusters;

  GrpcStatsFilter(HttpFilterConfig.GrpcStats config, Clusters clusters) {
    this.config = config;
    this.clusters = clusters;
  }

  @Override
  public @Nullable HttpFilter create(FilterStream stream) {
    var type = stream.requestHeaders().get(Names.CONTENT_TYPE);
    boolean grpc = type != null && type.toString().startsWith("application/grpc");
    return grpc ? new One(stream) : null;
  }

  private final class One implements HttpFilter {
    private final FilterStream stream;
    private String prefix = "grpc.";
    private boolean counted;

    One(FilterStream stream) {
      this.stream = stream;
    }

    @Override
    public Step onRequestHeaders(Http2Headers headers, boolean end) {
      var path = String.valueOf(headers.path());
      int slash = path.indexOf('/', 1);
      if (path.startsWith("/") && slash > 0) {
        var method = path.substring(1);
        if (config.allMethods() || config.methods().contains(method)) {
          prefix = "grpc." + method.replace('/', '.') + ".";
        }
      }
      return Step.CONTINUE;
    }

    @Override
    public void onResponseHeaders(Http2Headers headers, boolean end) {
      count(headers);
    }

    @Override
    public void onResponseTrailers(Http2Headers trailers) {
      count(trailers);
    }

    private void count(Http2Headers from) {
      var status = from.get(Names.GRPC_STATUS);
      var scope = status == null || counted ? null : cluster();
      if (scope == null) {
        return;
      }
      counted = true;
      boolean success = "0".contentEquals(status);
      scope.counter(prefix + status).increment();
      scope.counter(prefix + "total").increment();
      scope.counter(prefix + (success ? "success" : "failure")).increment();
    }

    private @Nullable StatScope cluster() {
      var route = stream.route();
      if (route == null
          || !(route.config().action() instanceof Forward forward)
          || !(forward.target() instanceof RouteAction.Target.Single single)) {
        return null;
      }
      var cluster = clusters.find(single.cluster());
      return cluster == null ? null : cluster.stats().scope();
    }
  }
}
