package dev.weir.http.route;

import dev.weir.config.http.FilterOverrides;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.MirrorPolicy;
import dev.weir.config.http.RouteAction;
import dev.weir.config.http.RouteConfig;
import dev.weir.telemetry.ConnectionRecord;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A route, ready to be taken. Immutable; any worker.
public final class Route {
  private final RouteConfig config;
  private final VirtualHost host;
  private final RequestTest test;
  private final RouteLevel[] levels;
  private final IdentityHashMap<RouteAction.ClusterShare, RouteLevel> shares =
      new IdentityHashMap<>();
  private final boolean mostSpecificLast;
  private final @Nullable ClusterTargets targets;
  private final @Nullable RetryRules retry;
  private final List<MirrorTarget> mirrors;
  private final boolean hedges;

  /// @param above what its virtual host and its table do
  Route(RouteConfig config, VirtualHost host, Above above) {
    this.config = config;
    this.host = host;
    this.test = new RequestTest(config.match());
    this.levels =
        new RouteLevel[] {
          RouteLevel.of(config.headers(), config.overrides()), above.host, above.table
        };
    this.mostSpecificLast = above.mostSpecificLast;
    var action = config.action();
    this.targets =
        action instanceof RouteAction.Forward forward ? ClusterTargets.of(forward) : null;
    this.retry = retry(action, host);
    this.mirrors = mirrors(action, host, above.mirrors);
    this.hedges = hedges(action, host);
    if (config.action() instanceof RouteAction.Forward forward
        && forward.target() instanceof RouteAction.Target.Weighted weighted) {
      weighted
          .shares()
          .forEach(share -> shares.put(share, RouteLevel.of(share.headers(), share.overrides())));
    }
  }

  private static boolean hedges(RouteAction action, VirtualHost host) {
    var own = action instanceof RouteAction.Forward forward ? forward.handling().hedges() : null;
    return own == null ? host.config().forwarding().hedges() : own;
  }

  private static List<MirrorTarget> mirrors(
      RouteAction action, VirtualHost host, List<MirrorPolicy> table) {
    if (!(action instanceof RouteAction.Forward forward)) {
      return List.of();
    }
    var own = forward.handling().mirrors();
    var above = host.config().forwarding().mirrors();
    var all = !own.isEmpty() ? own : !above.isEmpty() ? above : table;
    return all.stream().map(MirrorTarget::new).toList();
  }

  private static @Nullable RetryRules retry(RouteAction action, VirtualHost host) {
    if (!(action instanceof RouteAction.Forward forward)) {
      return null;
    }
    var config = forward.retry() == null ? host.config().forwarding().retry() : forward.retry();
    return config == null ? null : new RetryRules(config);
  }

  /// The clusters to choose from.
  ///
  /// @throws IllegalStateException if it does not forward
  public ClusterTargets targets() {
    if (targets == null) {
      throw new IllegalStateException(config.name() + " does not forward");
    }
    return targets;
  }

  /// When requests are sent once more; null for never.
  public @Nullable RetryRules retry() {
    return retry;
  }

  /// Whether an attempt that is too slow goes on beside the next.
  public boolean hedges() {
    return hedges;
  }

  /// Who gets copies of its requests.
  public List<MirrorTarget> mirrors() {
    return mirrors;
  }

  /// How many bytes of a request's body are kept for another attempt.
  ///
  /// @param connection the limit of the client's connection
  public long bufferLimit(long connection) {
    var own =
        config.bufferLimit() != null
            ? config.bufferLimit()
            : host.config().forwarding().bufferLimit();
    return own == null ? connection : own;
  }

  /// The levels above a route.
  ///
  /// @param mirrors of the table
  /// @param mostSpecificLast whether the route's own changes come last
  record Above(
      RouteLevel host, RouteLevel table, boolean mostSpecificLast, List<MirrorPolicy> mirrors) {}

  boolean test(RouteQuery request, @Nullable PathText path) {
    return test.test(request, path);
  }

  /// What it was made of.
  public RouteConfig config() {
    return config;
  }

  /// The virtual host that it belongs to.
  public VirtualHost host() {
    return host;
  }

  /// Changes a request's headers, level by level.
  ///
  /// @param share the cluster that was drawn; null if there was nothing to draw
  public void editRequest(
      Http2Headers headers, ConnectionRecord record, RouteAction.@Nullable ClusterShare share) {
    var first = share == null ? null : shares.get(share);
    if (!mostSpecificLast && first != null) {
      first.request().apply(headers, record);
    }
    for (int i = 0; i < levels.length; i++) {
      level(i).request().apply(headers, record);
    }
    if (mostSpecificLast && first != null) {
      first.request().apply(headers, record);
    }
  }

  /// Changes a response's headers, level by level.
  public void editResponse(
      Http2Headers headers, ConnectionRecord record, RouteAction.@Nullable ClusterShare share) {
    var first = share == null ? null : shares.get(share);
    if (!mostSpecificLast && first != null) {
      first.response().apply(headers, record);
    }
    for (int i = 0; i < levels.length; i++) {
      level(i).response().apply(headers, record);
    }
    if (mostSpecificLast && first != null) {
      first.response().apply(headers, record);
    }
  }

  private RouteLevel level(int index) {
    return levels[mostSpecificLast ? levels.length - 1 - index : index];
  }

  /// What the most specific level that speaks of a filter tells it; null if none does.
  public FilterOverrides.@Nullable Override override(String filter) {
    for (var level : levels) {
      var told = level.overrides().byName().get(filter);
      if (told != null) {
        return told;
      }
    }
    return null;
  }

  /// What all levels that speak of a filter tell it, the most specific last.
  public List<HttpFilterConfig.PerRoute> overrides(String filter) {
    var all = new ArrayList<HttpFilterConfig.PerRoute>();
    for (int i = levels.length - 1; i >= 0; i--) {
      var told = levels[i].overrides().byName().get(filter);
      if (told != null) {
        all.add(told.config());
      }
    }
    return all;
  }
}
