package dev.weir.config.http;

import dev.weir.config.FilterChainConfig;
import dev.weir.config.HttpConnectionManagerConfig;
import dev.weir.config.HttpConnectionManagerConfig.Routes;
import dev.weir.config.ListenerConfig;
import dev.weir.config.http.RouteAction.Target;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Looks for clusters that routes name and that do not exist (`validate_clusters`). One look; any
/// thread.
public final class MissingCluster {
  private final Predicate<String> exists;

  private MissingCluster(Predicate<String> exists) {
    this.exists = exists;
  }

  /// Looks through the routes that a listener brings with it.
  ///
  /// @return the first that is missing, and where it is named; null if all exist
  public static @Nullable String in(ListenerConfig listener, Predicate<String> exists) {
    var search = new MissingCluster(exists);
    var chains = listener.chains().chains();
    for (int i = 0; i < chains.size(); i++) {
      var found = search.chain(chains.get(i), "filter_chains[" + i + "]");
      if (found != null) {
        return found;
      }
    }
    var last = listener.chains().defaultChain();
    return last == null ? null : search.chain(last, "default_filter_chain");
  }

  /// Looks through routes that are pushed by themselves.
  ///
  /// @return the first that is missing, and where it is named; null if all exist or nobody asks
  public static @Nullable String in(RouteTableConfig table, Predicate<String> exists) {
    return Boolean.TRUE.equals(table.options().validateClusters())
        ? new MissingCluster(exists).table(table, "")
        : null;
  }

  private @Nullable String chain(FilterChainConfig chain, String path) {
    for (int i = 0; i < chain.filters().size(); i++) {
      if (chain.filters().get(i) instanceof HttpConnectionManagerConfig manager
          && manager.routes() instanceof Routes.Inline(var table)
          && !Boolean.FALSE.equals(table.options().validateClusters())) {
        var found = table(table, path + ".filters[" + i + "].typed_config.route_config.");
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private @Nullable String table(RouteTableConfig table, String path) {
    var found = mirrors(table.mirrors(), path);
    for (int i = 0; i < table.hosts().size() && found == null; i++) {
      found = host(table.hosts().get(i), path + "virtual_hosts[" + i + "].");
    }
    return found;
  }

  private @Nullable String host(VirtualHostConfig host, String path) {
    var found = mirrors(host.forwarding().mirrors(), path);
    for (int i = 0; i < host.routes().size() && found == null; i++) {
      found = route(host.routes().get(i), path + "routes[" + i + "].route");
    }
    var tree = host.tree();
    if (tree != null && found == null) {
      for (var list : tree.lists()) {
        for (var route : list) {
          found = found == null ? route(route, path + "matcher") : found;
        }
      }
    }
    return found;
  }

  private @Nullable String route(RouteConfig route, String path) {
    if (!(route.action() instanceof RouteAction.Forward forward)) {
      return null;
    }
    var found =
        switch (forward.target()) {
          case Target.Single(var cluster) -> missing(cluster, "cluster", path + ".cluster");
          case Target.ByHeader _ -> null;
          case Target.Weighted(var shares, _, _) -> {
            String first = null;
            for (int i = 0; i < shares.size() && first == null; i++) {
              if (shares.get(i).target() instanceof Target.Single(var cluster)) {
                var there = path + ".weighted_clusters.clusters[" + i + "].name";
                first = missing(cluster, "weighted cluster", there);
              }
            }
            yield first;
          }
        };
    return found != null ? found : mirrors(forward.handling().mirrors(), path + ".");
  }

  private @Nullable String mirrors(List<MirrorPolicy> mirrors, String path) {
    for (int i = 0; i < mirrors.size(); i++) {
      if (mirrors.get(i).target() instanceof Target.Single(var cluster)) {
        var there = path + "request_mirror_policies[" + i + "].cluster";
        var found = missing(cluster, "shadow cluster", there);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private @Nullable String missing(String cluster, String kind, String path) {
    return exists.test(cluster) ? null : path + ": route: unknown " + kind + " '" + cluster + "'";
  }
}
