package dev.weir.http.router;

import dev.weir.http.filter.FilterStream;
import dev.weir.http.route.Route;
import dev.weir.telemetry.StatScope;

/// Counts requests by virtual cluster and by route, where those have names. Any thread.
final class RouteStats {
  private RouteStats() {}

  static void count(Route route, FilterStream stream, int status) {
    var cluster = stream.virtualCluster();
    var host = route.host().config().name();
    if (cluster != null) {
      count(stream.scope("vhost." + host + ".vcluster." + cluster), status);
    }
    if (!route.config().statPrefix().isEmpty()) {
      count(stream.scope("vhost." + host + ".route." + route.config().statPrefix()), status);
    }
  }

  private static void count(StatScope scope, int status) {
    scope.counter("upstream_rq_total").increment();
    scope.counter("upstream_rq_completed").increment();
    scope.counter("upstream_rq_" + status / 100 + "xx").increment();
    scope.counter("upstream_rq_" + status).increment();
  }
}
