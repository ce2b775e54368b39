package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.LocalRateLimit;
import dev.weir.config.http.HttpFilterConfig.LocalRateLimit.HostLimits;
import dev.weir.config.http.RateLimitRule;
import dev.weir.config.http.RateLimitRule.Action;
import dev.weir.config.http.RateLimitRule.Entry;
import dev.weir.config.http.RouteAction;
import dev.weir.http.route.HeaderTests;
import dev.weir.http.route.HeaderText;
import dev.weir.http.route.PathText;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the descriptors of a request, by which its buckets are found. The request's worker only.
final class RateDescriptors {
  private final FilterStream stream;
  private final int stage;
  private final List<List<Entry>> made = new ArrayList<>();

  private RateDescriptors(FilterStream stream, int stage) {
    this.stream = stream;
    this.stage = stage;
  }

  /// The descriptors that a limit's own rules make, or else those of the route.
  static List<List<Entry>> of(LocalRateLimit limit, FilterStream stream) {
    if (limit.descriptors().isEmpty()) {
      return List.of();
    }
    var scope = limit.handling().scope();
    var descriptors = new RateDescriptors(stream, scope.stage());
    if (!limit.rules().isEmpty()) {
      limit.rules().forEach(descriptors::make);
      return descriptors.made;
    }
    var route = stream.route();
    if (route == null || !(route.config().action() instanceof RouteAction.Forward forward)) {
      return List.of();
    }
    var limits = forward.handling().limits();
    limits.rules().forEach(descriptors::makeOfStage);
    if (limits.hostToo()
        || scope.host() == HostLimits.TOO
        || (scope.host() == HostLimits.UNLESS_ROUTE && limits.rules().isEmpty())) {
      route.host().config().forwarding().limits().forEach(descriptors::makeOfStage);
    }
    return descriptors.made;
  }

  private void makeOfStage(RateLimitRule rule) {
    if (rule.stage() == stage) {
      make(rule);
    }
  }

  private void make(RateLimitRule rule) {
    var entries = new ArrayList<Entry>(rule.actions().size());
    for (var action : rule.actions()) {
      if (!add(action, entries)) {
        return;
      }
    }
    if (!entries.isEmpty()) {
      made.add(entries);
    }
  }

  /// False if there is no descriptor.
  private boolean add(Action action, List<Entry> entries) {
    return switch (action) {
      case Action.Constant(var entry) -> entries.add(entry);
      case Action.Header(var key, var name, boolean optional) -> {
        var value = HeaderText.first(stream.requestHeaders(), HeaderText.name(name));
        yield add(key, value, entries) || optional;
      }
      case Action.Query(var key, var name, boolean optional) -> {
        var path = stream.requestHeaders().path();
        var value = path == null ? null : PathText.of(path.toString()).parameter(name);
        yield add(key, value == null ? null : PathText.decoded(value), entries) || optional;
      }
      case Action.RemoteAddress _ -> add("remote_address", remoteAddress(), entries);
      case Action.DestinationCluster _ -> add("destination_cluster", cluster(), entries);
      case Action.HeadersMatch(var entry, boolean expected, var matches) ->
          HeaderTests.of(matches).all(stream.requestHeaders()) == expected && entries.add(entry);
    };
  }

  private static boolean add(String key, @Nullable String value, List<Entry> entries) {
    return value != null && entries.add(new Entry(key, value));
  }

  private @Nullable String remoteAddress() {
    var told = stream.record().remoteAddress();
    var address = told == null ? stream.connection().info().remoteAddress() : told;
    return address instanceof InetSocketAddress ip ? ip.getAddress().getHostAddress() : null;
  }

  private @Nullable String cluster() {
    var route = stream.route();
    return route == null
        ? null
        : route.targets().choose(stream.requestHeaders(), stream.random()).cluster();
  }
}
