package dev.weir.http.filter.jwt;

import dev.weir.config.http.JwtConfig;
import dev.weir.upstream.Clusters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All providers of a filter, by their names. Immutable; any worker.
final class Issuers {
  private final Map<String, Issuer> byName = new LinkedHashMap<>();

  Issuers(JwtConfig config, Clusters clusters, JwtCounters counters) {
    config
        .providers()
        .forEach((name, provider) ->
            byName.put(
                name, new Issuer(provider, KeySource.of(provider.keys(), clusters, counters))));
  }

  /// The provider of this name, which the decoder has seen.
  Issuer named(String name) {
    var issuer = byName.get(name);
    if (issuer == null) {
      throw new IllegalStateException("no provider " + name);
    }
    return issuer;
  }

  /// The provider that issues tokens under this name, or else one that issues any; null for none.
  @Nullable Issuer of(String issuer) {
    Issuer any = null;
    for (var one : byName.values()) {
      var its = one.provider().trust().issuer();
      if (!its.isEmpty() && its.equals(issuer)) {
        return one;
      }
      any = its.isEmpty() && any == null ? one : any;
    }
    return any;
  }
}
