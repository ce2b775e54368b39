package dev.weir.http.route;

import dev.weir.config.http.RouteTableConfig;
import dev.weir.config.http.VirtualHostConfig;
import dev.weir.config.http.VirtualHostConfig.RequireTls;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A virtual host, ready to be asked for routes. Immutable; any worker.
public final class VirtualHost {
  private final VirtualHostConfig config;
  private final List<Route> routes;
  private final List<Counted> clusters;

  /// Requests that are counted together.
  ///
  /// @param name of the virtual cluster
  private record Counted(String name, HeaderTests tests) {}

  VirtualHost(VirtualHostConfig config, RouteLevel level, RouteTableConfig table) {
    this.config = config;
    var above =
        new Route.Above(
            RouteLevel.of(config.headers(), config.overrides()),
            level,
            table.options().mostSpecificWins(),
            table.mirrors());
    var made = new ArrayList<Route>(config.routes().size());
    for (var route : config.routes()) {
      made.add(new Route(route, this, above));
    }
    this.routes = List.copyOf(made);
    this.clusters =
        config.clusters().stream()
            .map(cluster -> new Counted(cluster.name(), HeaderTests.of(cluster.headers())))
            .toList();
  }

  /// What it was made of.
  public VirtualHostConfig config() {
    return config;
  }

  /// Whom it sends to HTTPS.
  public RequireTls requireTls() {
    return config.requireTls();
  }

  /// The first route that is for a request; null if none is.
  @Nullable Route find(RouteQuery request, @Nullable PathText path) {
    for (var route : routes) {
      if (route.test(request, path)) {
        return route;
      }
    }
    return null;
  }

  /// The virtual cluster that a request is counted with; `other` for those that match none; null
  /// where there are no virtual clusters.
  public @Nullable String virtualCluster(RouteQuery request) {
    if (clusters.isEmpty()) {
      return null;
    }
    for (var cluster : clusters) {
      if (cluster.tests.all(request.headers())) {
        return cluster.name;
      }
    }
    return "other";
  }
}
