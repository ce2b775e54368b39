package dev.weir.http;

import dev.weir.config.HttpConnectionManagerConfig;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.HttpFilterConfig.Named;
import dev.weir.config.http.RouteAction;
import dev.weir.http.filter.HttpFilter;
import dev.weir.http.filter.HttpFilterFactory;
import dev.weir.http.filter.HttpFilters;
import dev.weir.http.route.Route;
import dev.weir.http.router.Router;
import dev.weir.http.router.RouterSettings;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.upstream.Clusters;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The filter chains of a connection manager: the usual one, and those of upgrades that have their
/// own. Immutable; any worker.
final class FilterChains implements AutoCloseable {
  private final Clusters clusters;
  private final InetAddress self;
  private final HttpStats stats;
  private final HttpFilters.Surroundings surroundings;
  private final List<Link> usual;
  private final Map<String, List<Link>> byUpgrade = new HashMap<>();

  /// One filter of a chain.
  ///
  /// @param factory null for the router
  private record Link(Named named, @Nullable HttpFilterFactory factory) {}

  FilterChains(
      HttpConnectionManagerConfig config, HttpConnectionManager.Dependencies with, HttpStats stats)
      throws IOException {
    this.clusters = with.clusters();
    this.self = with.self();
    this.stats = stats;
    this.surroundings =
        new HttpFilters.Surroundings(
            clusters,
            stats.scope(),
            with.stats(),
            with.filterConfigs(),
            with.local(),
            with.services());
    this.usual = links(config.filters());
    for (var upgrade : config.upgrades().entrySet()) {
      var own = upgrade.getValue().filters();
      if (!own.isEmpty()) {
        byUpgrade.put(upgrade.getKey(), links(own));
      }
    }
  }

  private List<Link> links(List<Named> filters) throws IOException {
    var links = new ArrayList<Link>(filters.size());
    for (var filter : filters) {
      switch (filter.config()) {
        case HttpFilterConfig.Absent _ -> {}
        case HttpFilterConfig.Router _ -> links.add(new Link(filter, null));
        default -> links.add(new Link(filter, HttpFilters.of(filter, surroundings)));
      }
    }
    return List.copyOf(links);
  }

  /// Makes the filters of a request.
  ///
  /// @param upgrade the type of upgrade that is asked for; null for none
  HttpFilter[] create(HttpStream stream, @Nullable String upgrade) {
    var links = upgrade == null ? usual : byUpgrade.getOrDefault(upgrade, usual);
    var filters = new ArrayList<HttpFilter>(links.size());
    for (int i = 0; i < links.size(); i++) {
      var link = links.get(i);
      if (link.factory == null) {
        filters.add(router(stream, (HttpFilterConfig.Router) link.named.config()));
      } else if (!isDisabled(link.named, stream.route())) {
        var filter = link.factory.create(stream);
        if (filter != null) {
          filters.add(filter);
        }
      }
    }
    if (filters.size() > 1) { // the router alone notes it itself
      noteCluster(stream);
    }
    return filters.toArray(HttpFilter[]::new);
  }

  /// Has logs know where a request was going that a filter answers.
  private void noteCluster(HttpStream stream) {
    var route = stream.route();
    if (route != null && route.config().action() instanceof RouteAction.Forward) {
      var name = route.targets().choose(stream.requestHeaders(), stream.random()).cluster();
      var cluster = name == null ? null : clusters.find(name);
      if (cluster != null) {
        stream.record().upstream().cluster(cluster.facts());
      }
    }
  }

  private Router router(HttpStream stream, HttpFilterConfig.Router config) {
    return new Router(stream, stream.facts(), new RouterSettings(config, clusters, stats, self));
  }

  private static boolean isDisabled(Named filter, @Nullable Route route) {
    var told = route == null ? null : route.override(filter.name());
    return told == null ? filter.disabled() : told.disabled();
  }

  /// Notes the cluster of a route for the access log, where there is one that needs not be drawn.
  void nameCluster(@Nullable Route route, ConnectionRecord record) {
    if (route != null
        && record.upstream().cluster() == null
        && route.config().action() instanceof RouteAction.Forward forward
        && forward.target() instanceof RouteAction.Target.Single(var name)) {
      var cluster = clusters.find(name);
      record.upstream().cluster(cluster == null ? null : cluster.facts());
    }
  }

  /// What a route says of an upgrade; null if it says nothing.
  RouteAction.@Nullable Upgrade upgrade(Route route, String type) {
    return route.config().action() instanceof RouteAction.Forward forward
        ? forward.upgrades().get(type)
        : null;
  }

  /// Completes, on any thread, when all is there that the filters need to serve a request.
  CompletableFuture<Void> warm() {
    return CompletableFuture.allOf(
        Stream.concat(Stream.of(usual), byUpgrade.values().stream())
            .flatMap(List::stream)
            .map(Link::factory)
            .filter(Objects::nonNull)
            .map(HttpFilterFactory::warm)
            .toArray(CompletableFuture<?>[]::new));
  }

  @Override
  public void close() {
    usual.forEach(FilterChains::close);
    byUpgrade.values().forEach(links -> links.forEach(FilterChains::close));
  }

  private static void close(Link link) {
    if (link.factory != null) {
      link.factory.close();
    }
  }
}
