package dev.weir.http.filter.jwt;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;

/// `http.<prefix>.jwt_authn.`
record JwtCounters(
    Counter allowed, Counter denied, Counter preflights, Counter fetched, Counter notFetched) {

  static JwtCounters of(StatScope scope, String statPrefix) {
    var dot = statPrefix.isEmpty() || statPrefix.endsWith(".") ? "" : ".";
    var prefix = "jwt_authn." + statPrefix + dot;
    scope.counter(prefix + "jwt_cache_hit"); // we have no such cache: each token is verified
    scope.counter(prefix + "jwt_cache_miss");
    return new JwtCounters(
        scope.counter(prefix + "allowed"),
        scope.counter(prefix + "denied"),
        scope.counter(prefix + "cors_preflight_bypassed"),
        scope.counter(prefix + "jwks_fetch_success"),
        scope.counter(prefix + "jwks_fetch_failed"));
  }
}
