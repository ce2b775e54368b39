package dev.weir.http.filter;

import dev.weir.config.http.HttpExtAuthzConfig;
import dev.weir.config.http.HttpFilterConfig.ExtAuthzOverride;
import dev.weir.connection.filter.DecisionServices;
import dev.weir.http.route.Route;
import dev.weir.telemetry.StatScope;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.ext_authz`: asks a service which requests may go on. Any worker.
final class ExtAuthzFilter implements HttpFilterFactory {
  private static final ExtAuthzOverride NOTHING =
      new ExtAuthzOverride(false, Map.of(), false, null, null);

  private final String name;
  private final HttpExtAuthzConfig config;
  private final DecisionServices services;
  private final ExtAuthzStats stats;
  private final AuthzQuestions questions;
  private final Authority own;

  /// Whom routes have asked instead.
  private final Map<HttpExtAuthzConfig.Service, Authority> ofRoutes = new ConcurrentHashMap<>();

  ExtAuthzFilter(
      String name, HttpExtAuthzConfig config, DecisionServices services, StatScope scope) {
    this.name = name;
    this.config = config;
    this.services = services;
    this.stats = new ExtAuthzStats(scope, config.statPrefix());
    this.questions = new AuthzQuestions(config.told(), services.labels(config.told().labelsKey()));
    this.own = Authority.of(config.service(), services);
  }

  @Override
  public @Nullable HttpFilter create(FilterStream stream) {
    var told = stream.override(name) instanceof ExtAuthzOverride override ? override : NOTHING;
    return told.disabled()
        ? null
        : new ExtAuthzRequest(this, stream, told, extensions(stream.route()));
  }

  /// What all levels of the routes have the service told, the most specific word counting.
  private Map<String, String> extensions(@Nullable Route route) {
    var all = new HashMap<String, String>();
    if (route != null) {
      for (var level : route.overrides(name)) {
        if (level instanceof ExtAuthzOverride override) {
          all.putAll(override.extensions());
        }
      }
    }
    return all;
  }

  HttpExtAuthzConfig config() {
    return config;
  }

  DecisionServices services() {
    return services;
  }

  ExtAuthzStats stats() {
    return stats;
  }

  AuthzQuestions questions() {
    return questions;
  }

  /// Whom to ask.
  ///
  /// @param instead null for whom the filter asks
  Authority authority(HttpExtAuthzConfig.@Nullable Service instead) {
    return instead == null
        ? own
        : ofRoutes.computeIfAbsent(instead, it -> Authority.of(it, services));
  }
}
