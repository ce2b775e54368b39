package dev.weir.config.http;

import dev.weir.config.ExtensionDecoder;
import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.RedirectPolicy.Predicate;
import dev.weir.config.http.RouteAction.Handling;
import dev.weir.config.http.RouteAction.Limits;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerRequestMirrorPolicy;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.HedgePolicy;
import io.envoyproxy.envoy.config.route.v3.InternalRedirectPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.envoyproxy.envoy.extensions.internal_redirect.allow_listed_routes.v3.AllowListedRoutesConfig;
import io.envoyproxy.envoy.extensions.internal_redirect.previous_routes.v3.PreviousRoutesConfig;
import io.envoyproxy.envoy.extensions.internal_redirect.safe_cross_scheme.v3.SafeCrossSchemeConfig;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes what is done with forwarded requests beside forwarding them.
final class ForwardingDecoder {
  private static final int FOUND = 302;
  private static final Set<Integer> FOLLOWED = Set.of(301, FOUND, 303, 307, 308);

  private ForwardingDecoder() {}

  @SuppressWarnings("deprecation") // include_vh_rate_limits goes before the filter's own
  static Handling handling(io.envoyproxy.envoy.config.route.v3.RouteAction wire, Field at) {
    return new Handling(
        switch (wire.getClusterNotFoundResponseCode()) {
          case SERVICE_UNAVAILABLE, UNRECOGNIZED -> 503;
          case NOT_FOUND -> 404;
          case INTERNAL_SERVER_ERROR -> 500;
        },
        wire.getPriority() == RoutingPriority.HIGH,
        redirects(wire, at),
        mirrors(wire.getRequestMirrorPoliciesList(), at),
        wire.hasHedgePolicy()
            ? (Boolean) hedges(wire.getHedgePolicy(), at.at("hedge_policy"))
            : null,
        new Limits(
            RateLimitRuleDecoder.rules(wire.getRateLimitsList(), at),
            wire.getIncludeVhRateLimits().getValue()));
  }

  /// The rest of the message does nothing on Envoy either.
  static boolean hedges(HedgePolicy wire, Field at) {
    at.withoutEffect(wire.hasInitialRequests(), "initial_requests");
    at.withoutEffect(wire.hasAdditionalRequestChance(), "additional_request_chance");
    return wire.getHedgeOnPerTryTimeout();
  }

  @SuppressWarnings("deprecation") // what internal_redirect_policy was before
  private static @Nullable RedirectPolicy redirects(
      io.envoyproxy.envoy.config.route.v3.RouteAction wire, Field at) {
    if (wire.hasInternalRedirectPolicy()) {
      return redirects(wire.getInternalRedirectPolicy(), at.at("internal_redirect_policy"));
    }
    return switch (wire.getInternalRedirectAction()) {
      case PASS_THROUGH_INTERNAL_REDIRECT, UNRECOGNIZED -> null;
      case HANDLE_INTERNAL_REDIRECT ->
          new RedirectPolicy(
              ScalarDecoder.uint32(
                  wire.hasMaxInternalRedirects(), wire.getMaxInternalRedirects(), 1),
              Set.of(FOUND),
              false,
              List.of(),
              List.of());
    };
  }

  private static RedirectPolicy redirects(InternalRedirectPolicy wire, Field at) {
    var statuses = new TreeSet<Integer>(wire.getRedirectResponseCodesList());
    statuses.retainAll(FOLLOWED);
    return new RedirectPolicy(
        ScalarDecoder.uint32(wire.hasMaxInternalRedirects(), wire.getMaxInternalRedirects(), 1),
        wire.getRedirectResponseCodesCount() == 0 ? Set.of(FOUND) : Set.copyOf(statuses),
        wire.getAllowCrossSchemeRedirect(),
        at.each("predicates", wire.getPredicatesList(), ForwardingDecoder::predicate),
        at.each(
            "response_headers_to_copy",
            wire.getResponseHeadersToCopyList(),
            ForwardingDecoder::copied));
  }

  private static String copied(String name, Field at) {
    at.check(
        !name.startsWith(":") && !name.equalsIgnoreCase("host"),
        ":-prefixed headers or Hosts may not be specified here.");
    return name.toLowerCase(Locale.ROOT);
  }

  private static Predicate predicate(TypedExtensionConfig wire, Field at)
      throws InvalidResourceException {
    return switch (ExtensionDecoder.unpack(wire, at)) {
      case PreviousRoutesConfig _ -> new Predicate.PreviousRoutes();
      case AllowListedRoutesConfig it ->
          new Predicate.AllowListed(Set.copyOf(new TreeSet<>(it.getAllowedRouteNamesList())));
      case SafeCrossSchemeConfig _ -> new Predicate.SafeCrossScheme();
      default ->
          throw ExtensionDecoder.unregistered(
              wire.getName(), wire.getTypedConfig().getTypeUrl(), at);
    };
  }

  /// The `request_mirror_policies` of some level of the routes.
  static List<MirrorPolicy> mirrors(List<RequestMirrorPolicy> wire, Field at) {
    return at.each("request_mirror_policies", wire, ForwardingDecoder::mirror);
  }

  private static MirrorPolicy mirror(RequestMirrorPolicy wire, Field at)
      throws InvalidResourceException {
    at.check(
        wire.getCluster().isEmpty() || wire.getClusterHeader().isEmpty(),
        "Only one of cluster '%s' or cluster_header '%s' in request mirror policy can be specified"
            .formatted(wire.getCluster(), wire.getClusterHeader()));
    at.check(
        !wire.getCluster().isEmpty() || !wire.getClusterHeader().isEmpty(),
        "Exactly one of cluster or cluster_header in request mirror policy need to be specified");
    at.withoutEffect(wire.hasTraceSampled(), "trace_sampled");
    var newer = NewerFields.of(wire, NewerRequestMirrorPolicy.getDefaultInstance());
    return new MirrorPolicy(
        wire.getCluster().isEmpty()
            ? new RouteAction.Target.ByHeader(wire.getClusterHeader().toLowerCase(Locale.ROOT))
            : new RouteAction.Target.Single(wire.getCluster()),
        wire.hasRuntimeFraction()
            ? RouteMatchDecoder.share(wire.getRuntimeFraction(), at.at("runtime_fraction"))
            : Share.ALL,
        !wire.getDisableShadowHostSuffixAppend(),
        at.each(
            "request_headers_mutations",
            newer.getRequestHeadersMutationsList(),
            HttpFilterMessagesDecoder::edit),
        newer.getHostRewriteLiteral());
  }
}
