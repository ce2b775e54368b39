package dev.weir.config.http;

import dev.weir.config.DataSourceDecoder;
import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.TextMatchDecoder;
import dev.weir.config.http.JwtConfig.Requirement;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RemoteJwks;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RequirementRule;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes [JwtConfig]s.
final class JwtDecoder {
  private static final Duration CACHE = Duration.ofMinutes(10);
  private static final long CLOCK_SKEW = 60;

  private JwtDecoder() {}

  static HttpFilterConfig.JwtAuthn decode(JwtAuthentication wire, Field at)
      throws InvalidResourceException {
    var providers = new LinkedHashMap<String, JwtConfig.Provider>();
    for (var entry : new TreeMap<>(wire.getProvidersMap()).entrySet()) {
      providers.put(
          entry.getKey(),
          provider(entry.getKey(), entry.getValue(), at.at("providers", entry.getKey())));
    }
    var named = requirements("requirement_map", wire.getRequirementMapMap(), providers, at);
    return new HttpFilterConfig.JwtAuthn(
        new JwtConfig(
            providers,
            at.each(
                "rules", wire.getRulesList(), (rule, there) -> rule(rule, named, providers, there)),
            wire.hasFilterStateRules()
                ? new JwtConfig.StateRule(
                    wire.getFilterStateRules().getName(),
                    requirements(
                        "requires",
                        wire.getFilterStateRules().getRequiresMap(),
                        providers,
                        at.at("filter_state_rules")))
                : null,
            named,
            new JwtConfig.Options(
                wire.getBypassCorsPreflight(),
                wire.getStripFailureResponse(),
                wire.getStatPrefix())));
  }

  /// What a route says.
  static HttpFilterConfig.JwtOverride override(PerRouteConfig wire) {
    return new HttpFilterConfig.JwtOverride(
        wire.hasRequirementName() ? wire.getRequirementName() : null);
  }

  private static JwtConfig.Rule rule(
      RequirementRule wire,
      Map<String, Requirement> named,
      Map<String, JwtConfig.Provider> providers,
      Field at)
      throws InvalidResourceException {
    var match = RouteMatchDecoder.match(wire.getMatch(), at.at("match"));
    return switch (wire.getRequirementTypeCase()) {
      case REQUIRES ->
          new JwtConfig.Rule(
              match, requirement(wire.getRequires(), providers, providers.keySet(), at));
      case REQUIREMENT_NAME -> {
        var name = wire.getRequirementName();
        at.at("requirement_name")
            .require(named.containsKey(name), "Wrong requirement_name: " + name);
        yield new JwtConfig.Rule(match, named.get(name));
      }
      case REQUIREMENTTYPE_NOT_SET -> new JwtConfig.Rule(match, null);
    };
  }

  private static Map<String, Requirement> requirements(
      String field,
      Map<String, JwtRequirement> wire,
      Map<String, JwtConfig.Provider> providers,
      Field at)
      throws InvalidResourceException {
    var requirements = new TreeMap<String, Requirement>();
    for (var entry : wire.entrySet()) {
      var there = at.at(field, entry.getKey());
      var requirement = requirement(entry.getValue(), providers, providers.keySet(), there);
      there.require(requirement != null, "a requirement is required");
      if (requirement != null) {
        requirements.put(entry.getKey(), requirement);
      }
    }
    return requirements;
  }

  /// @param optional the providers whose tokens an optional requirement is about
  private static @Nullable Requirement requirement(
      JwtRequirement wire,
      Map<String, JwtConfig.Provider> providers,
      Set<String> optional,
      Field at)
      throws InvalidResourceException {
    return switch (wire.getRequiresTypeCase()) {
      case PROVIDER_NAME -> new Requirement.Of(known(wire.getProviderName(), providers, at), null);
      case PROVIDER_AND_AUDIENCES -> {
        var both = wire.getProviderAndAudiences();
        yield new Requirement.Of(
            known(both.getProviderName(), providers, at), audiences(both.getAudiencesList()));
      }
      case REQUIRES_ANY ->
          any(wire.getRequiresAny().getRequirementsList(), providers, at.at("requires_any"));
      case REQUIRES_ALL -> {
        var all = new ArrayList<Requirement>();
        for (var one : wire.getRequiresAll().getRequirementsList()) {
          add(requirement(one, providers, optional, at.at("requires_all")), all, at);
        }
        yield new Requirement.AllOf(List.copyOf(all));
      }
      case ALLOW_MISSING_OR_FAILED -> new Requirement.Optional(Set.copyOf(optional), true);
      case ALLOW_MISSING -> new Requirement.Optional(Set.copyOf(optional), false);
      case REQUIRESTYPE_NOT_SET -> {
        // It may say something that is newer than we are: not to be taken for "nothing".
        at.require(
            wire.getUnknownFields().asMap().isEmpty(), "such a requirement is not supported");
        yield null;
      }
    };
  }

  private static Requirement any(
      List<JwtRequirement> wire, Map<String, JwtConfig.Provider> providers, Field at)
      throws InvalidResourceException {
    var some = new ArrayList<Requirement>();
    var used = new TreeSet<String>();
    JwtRequirement optional = null;
    for (var one : wire) {
      switch (one.getRequiresTypeCase()) {
        case ALLOW_MISSING, ALLOW_MISSING_OR_FAILED ->
            optional = optional == null || optional.hasAllowMissing() ? one : optional;
        default -> {
          var requirement = requirement(one, providers, providers.keySet(), at);
          add(requirement, some, at);
          if (requirement instanceof Requirement.Of(var provider, _)) {
            used.add(provider);
          }
        }
      }
    }
    if (optional != null) {
      var among = used.isEmpty() ? providers.keySet() : used;
      add(requirement(optional, providers, among, at), some, at);
    }
    return new Requirement.AnyOf(List.copyOf(some));
  }

  private static void add(@Nullable Requirement one, List<Requirement> all, Field at)
      throws InvalidResourceException {
    at.require(one != null, "a requirement is required");
    if (one != null) {
      all.add(one);
    }
  }

  private static String known(String name, Map<String, JwtConfig.Provider> providers, Field at)
      throws InvalidResourceException {
    at.require(
        providers.containsKey(name), "Required provider ['" + name + "'] is not configured.");
    return name;
  }

  private static JwtConfig.Provider provider(String name, JwtProvider wire, Field at)
      throws InvalidResourceException {
    at.withoutEffect(wire.hasJwtCacheConfig(), "jwt_cache_config");
    return new JwtConfig.Provider(
        name,
        new JwtConfig.Trust(
            wire.getIssuer(),
            audiences(wire.getAudiencesList()),
            wire.hasSubjects()
                ? TextMatchDecoder.decode(wire.getSubjects(), at.at("subjects"))
                : null,
            wire.getRequireExpiration(),
            wire.hasMaxLifetime() ? ScalarDecoder.duration(wire.getMaxLifetime()) : null,
            wire.getClockSkewSeconds() == 0
                ? CLOCK_SKEW
                : Integer.toUnsignedLong(wire.getClockSkewSeconds())),
        keys(name, wire, at),
        places(wire),
        passing(wire));
  }

  private static JwtConfig.Keys keys(String name, JwtProvider wire, Field at)
      throws InvalidResourceException {
    return switch (wire.getJwksSourceSpecifierCase()) {
      case REMOTE_JWKS -> remote(wire.getRemoteJwks(), at.at("remote_jwks"));
      case LOCAL_JWKS -> local(name, wire.getLocalJwks(), at.at("local_jwks"));
      case JWKSSOURCESPECIFIER_NOT_SET -> throw at.invalid("jwks_source_specifier is required");
    };
  }

  private static JwtConfig.Keys local(String name, DataSource wire, Field at)
      throws InvalidResourceException {
    try {
      return new JwtConfig.Keys.Local(KeySet.parse(DataSourceDecoder.text(wire, at)));
    } catch (KeySet.Invalid e) {
      throw at.invalid(
          "Provider '" + name + "' in jwt_authn config has invalid local jwks: " + e.reason());
    }
  }

  private static JwtConfig.Keys remote(RemoteJwks wire, Field at) throws InvalidResourceException {
    var uriAt = at.at("http_uri");
    URI uri;
    try {
      uri = URI.create(wire.getHttpUri().getUri());
    } catch (IllegalArgumentException e) {
      throw uriAt.at("uri").invalid(String.valueOf(e.getMessage()));
    }
    at.withoutEffect(wire.getAsyncFetch().hasFailedRefetchDuration(), "async_fetch.failed_refetch");
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return new JwtConfig.Keys.Remote(
        new JwtConfig.Uri(
            wire.getHttpUri().getCluster(),
            uri.getScheme() == null ? "http" : uri.getScheme(),
            uri.getRawAuthority() == null ? wire.getHttpUri().getUri() : uri.getRawAuthority(),
            path + query,
            ScalarDecoder.duration(wire.getHttpUri().getTimeout())),
        ScalarDecoder.duration(wire.hasCacheDuration(), wire.getCacheDuration(), CACHE),
        wire.hasAsyncFetch(),
        wire.hasRetryPolicy()
            ? ScalarDecoder.size(
                wire.getRetryPolicy().hasNumRetries(), wire.getRetryPolicy().getNumRetries(), 1)
            : 0);
  }

  private static JwtConfig.Places places(JwtProvider wire) {
    boolean none =
        wire.getFromHeadersCount() + wire.getFromParamsCount() + wire.getFromCookiesCount() == 0;
    if (none) {
      return new JwtConfig.Places(
          List.of(new JwtConfig.InHeader("authorization", "Bearer ")),
          List.of("access_token"),
          List.of());
    }
    return new JwtConfig.Places(
        wire.getFromHeadersList().stream()
            .map(it ->
                new JwtConfig.InHeader(it.getName().toLowerCase(Locale.ROOT), it.getValuePrefix()))
            .toList(),
        List.copyOf(wire.getFromParamsList()),
        List.copyOf(wire.getFromCookiesList()));
  }

  private static JwtConfig.Passing passing(JwtProvider wire) {
    return new JwtConfig.Passing(
        wire.getForward(),
        new JwtConfig.InPayloadHeader(
            wire.getForwardPayloadHeader().toLowerCase(Locale.ROOT),
            wire.getPadForwardPayloadHeader()),
        new JwtConfig.Told(
            wire.getPayloadInMetadata(),
            wire.getHeaderInMetadata(),
            wire.getFailedStatusInMetadata(),
            List.copyOf(wire.getNormalizePayloadInMetadata().getSpaceDelimitedClaimsList())),
        wire.getClaimToHeadersList().stream()
            .map(it ->
                new JwtConfig.ClaimHeader(
                    it.getHeaderName().toLowerCase(Locale.ROOT),
                    List.of(it.getClaimName().split("\\.", -1))))
            .toList(),
        wire.getClearRouteCache());
  }

  /// Compared without scheme and without a slash at the end.
  private static Set<String> audiences(List<String> wire) {
    var audiences = new TreeSet<String>();
    wire.forEach(audience -> audiences.add(audience(audience)));
    return Set.copyOf(audiences);
  }

  /// An audience as they are compared.
  private static String audience(String text) {
    var bare = text.replaceFirst("^https?://", "");
    return bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
  }
}
