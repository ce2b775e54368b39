package dev.weir.http.route;

import dev.weir.config.http.RouteConfig;
import dev.weir.config.http.RouteTableConfig;
import dev.weir.config.http.VirtualHostConfig;
import dev.weir.config.http.VirtualHostConfig.RequireTls;
import dev.weir.connection.match.Matcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A virtual host, ready to be asked for routes. Immutable; any worker.
public final class VirtualHost {
  private final VirtualHostConfig config;
  private final List<Route> routes;
  private final @Nullable Tree tree;
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
    this.routes = live(config.routes(), above);
    var tree = config.tree();
    this.tree =
        tree == null
            ? null
            : new Tree(
                Matcher.of(tree.matcher()),
                tree.lists().stream().map(list -> live(list, above)).toList());
    this.clusters =
        config.clusters().stream()
            .map(cluster -> new Counted(cluster.name(), HeaderTests.of(cluster.headers())))
            .toList();
  }

  private List<Route> live(List<RouteConfig> configs, Route.Above above) {
    var made = new ArrayList<Route>(configs.size());
    for (var route : configs) {
      made.add(new Route(route, this, above));
    }
    return List.copyOf(made);
  }

  /// See [RouteTree].
  private record Tree(Matcher<Integer> matcher, List<List<Route>> lists) {
    List<Route> find(RouteQuery request) {
      var place = matcher.find(request);
      return place == null ? List.of() : lists.get(place);
    }
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
    var candidates = tree == null ? routes : tree.find(request);
    for (var route : candidates) {
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
