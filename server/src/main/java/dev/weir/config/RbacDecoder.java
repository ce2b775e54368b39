package dev.weir.config;

import dev.weir.config.MatchInput.About;
import dev.weir.config.RbacConfig.Action;
import dev.weir.config.RbacConfig.Decision;
import dev.weir.config.RbacConfig.Engine;
import dev.weir.config.RbacConfig.Policy;
import dev.weir.config.RbacConfig.Test;
import dev.weir.config.http.HeaderMatchDecoder;
import dev.weir.config.http.MetadataMatchDecoder;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.rbac.v3.MetadataSource;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.config.rbac.v3.SourcedMetadata;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes [RbacConfig]s. What it cannot decide by is refused: it says who may come in.
public final class RbacDecoder {
  private RbacDecoder() {}

  /// The filter of a network filter chain.
  static NetworkFilterConfig.Rbac ofChain(
      io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC wire, Field at)
      throws InvalidResourceException {
    var config =
        new RbacConfig(
            wire.getStatPrefix(),
            wire.getShadowRulesStatPrefix(),
            wire.hasMatcher()
                ? found(wire.getMatcher(), About.CONNECTION, at.at("matcher"))
                : wire.hasRules() ? rules(wire.getRules(), at.at("rules")) : null,
            wire.hasShadowMatcher()
                ? found(wire.getShadowMatcher(), About.CONNECTION, at.at("shadow_matcher"))
                : wire.hasShadowRules()
                    ? rules(wire.getShadowRules(), at.at("shadow_rules"))
                    : null,
            ScalarDecoder.duration(wire.hasDelayDeny(), wire.getDelayDeny(), Duration.ZERO));
    at.require(!asksForHeaders(config), "Found header rule, not supported by RBAC network filter");
    return new NetworkFilterConfig.Rbac(config);
  }

  private static boolean asksForHeaders(RbacConfig config) {
    return Stream.of(config.enforced(), config.shadow())
        .filter(Engine.Rules.class::isInstance)
        .flatMap(it -> ((Engine.Rules) it).policies().stream())
        .anyMatch(it -> asksForHeaders(it.permissions()) || asksForHeaders(it.principals()));
  }

  private static boolean asksForHeaders(Test test) {
    return switch (test) {
      case Test.Header _ -> true;
      case Test.All(var all) -> all.stream().anyMatch(RbacDecoder::asksForHeaders);
      case Test.AnyOf(var some) -> some.stream().anyMatch(RbacDecoder::asksForHeaders);
      case Test.Not(var opposite) -> asksForHeaders(opposite);
      default -> false;
    };
  }

  /// The filter of an HTTP filter chain, or what a route says instead.
  public static RbacConfig ofRequests(
      io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC wire, Field at)
      throws InvalidResourceException {
    return new RbacConfig(
        wire.getRulesStatPrefix(),
        wire.getShadowRulesStatPrefix(),
        wire.hasMatcher()
            ? found(wire.getMatcher(), About.REQUEST, at.at("matcher"))
            : wire.hasRules() ? rules(wire.getRules(), at.at("rules")) : null,
        wire.hasShadowMatcher()
            ? found(wire.getShadowMatcher(), About.REQUEST, at.at("shadow_matcher"))
            : wire.hasShadowRules() ? rules(wire.getShadowRules(), at.at("shadow_rules")) : null,
        Duration.ZERO);
  }

  private static Engine found(com.github.xds.type.matcher.v3.Matcher wire, About about, Field at)
      throws InvalidResourceException {
    return new Engine.Found(
        MatcherDecoder.<Decision>decode(
            wire,
            about,
            (action, there) -> {
              var typedAt = there.at("typed_config");
              var typed =
                  ExtensionDecoder.unpack(action.getName(), action.getTypedConfig(), typedAt);
              if (typed instanceof io.envoyproxy.envoy.config.rbac.v3.Action decision) {
                return new Decision(decision.getName(), action(decision.getAction()));
              }
              throw typedAt.invalid("must be an envoy.config.rbac.v3.Action");
            },
            at));
  }

  private static Action action(RBAC.Action wire) {
    return switch (wire) {
      case DENY -> Action.DENY;
      case LOG -> Action.LOG;
      case ALLOW, UNRECOGNIZED -> Action.ALLOW;
    };
  }

  private static Engine rules(RBAC wire, Field at) throws InvalidResourceException {
    at.withoutEffect(wire.hasAuditLoggingOptions(), "audit_logging_options");
    var policies = new ArrayList<Policy>();
    for (var entry : new TreeMap<>(wire.getPoliciesMap()).entrySet()) {
      var policy = entry.getValue();
      var policyAt = at.at("policies", entry.getKey());
      policies.add(
          new Policy(
              entry.getKey(),
              anyOf(
                  policyAt.each(
                      "permissions", policy.getPermissionsList(), RbacDecoder::permission)),
              anyOf(
                  policyAt.each("principals", policy.getPrincipalsList(), RbacDecoder::principal)),
              condition(policy, policyAt)));
    }
    return new Engine.Rules(action(wire.getAction()), List.copyOf(policies));
  }

  private static @Nullable CelExpression condition(
      io.envoyproxy.envoy.config.rbac.v3.Policy wire, Field at) throws InvalidResourceException {
    if (wire.hasCondition()) {
      return CelDecoder.parsed(wire.getCondition(), at.at("condition"));
    }
    return wire.hasCheckedCondition()
        ? CelDecoder.parsed(wire.getCheckedCondition().getExpr(), at.at("checked_condition"))
        : null;
  }

  private static Test anyOf(List<Test> tests) {
    return tests.size() == 1 ? tests.getFirst() : new Test.AnyOf(tests);
  }

  private static Test permission(Permission wire, Field at) throws InvalidResourceException {
    return switch (wire.getRuleCase()) {
      case AND_RULES ->
          new Test.All(
              at.at("and_rules")
                  .each("rules", wire.getAndRules().getRulesList(), RbacDecoder::permission));
      case OR_RULES ->
          new Test.AnyOf(
              at.at("or_rules")
                  .each("rules", wire.getOrRules().getRulesList(), RbacDecoder::permission));
      case ANY -> new Test.Always();
      case HEADER ->
          new Test.Header(
              HeaderMatchDecoder.all("header", List.of(wire.getHeader()), at).getFirst());
      case URL_PATH -> path(wire.getUrlPath(), at.at("url_path"));
      case DESTINATION_IP ->
          new Test.DestinationIp(CidrDecoder.one(wire.getDestinationIp(), at.at("destination_ip")));
      case DESTINATION_PORT ->
          new Test.DestinationPort(wire.getDestinationPort(), wire.getDestinationPort() + 1);
      case DESTINATION_PORT_RANGE -> ports(wire, at);
      case METADATA -> metadata(wire, at);
      case SOURCED_METADATA -> sourced(wire.getSourcedMetadata(), at.at("sourced_metadata"));
      case NOT_RULE -> new Test.Not(permission(wire.getNotRule(), at.at("not_rule")));
      case REQUESTED_SERVER_NAME ->
          new Test.ServerName(
              TextMatchDecoder.decode(
                  wire.getRequestedServerName(), at.at("requested_server_name")));
      case MATCHER -> throw at.at("matcher").invalid("not supported");
      case URI_TEMPLATE -> template(wire.getUriTemplate(), at.at("uri_template"));
      case RULE_NOT_SET -> throw at.invalid("a rule is required");
    };
  }

  private static Test ports(Permission wire, Field at) throws InvalidResourceException {
    var range = wire.getDestinationPortRange();
    var rangeAt = at.at("destination_port_range");
    rangeAt.require(
        range.getStart() >= 0 && range.getStart() < range.getEnd() && range.getEnd() <= 65536,
        "must be a range within 0 and 65536");
    return new Test.DestinationPort(range.getStart(), range.getEnd());
  }

  @SuppressWarnings("deprecation") // sourced_metadata is what it is now
  private static Test metadata(Permission wire, Field at) throws InvalidResourceException {
    return new Test.Dynamic(MetadataMatchDecoder.decode(wire.getMetadata(), at.at("metadata")));
  }

  private static Test principal(Principal wire, Field at) throws InvalidResourceException {
    return switch (wire.getIdentifierCase()) {
      case AND_IDS ->
          new Test.All(
              at.at("and_ids").each("ids", wire.getAndIds().getIdsList(), RbacDecoder::principal));
      case OR_IDS ->
          new Test.AnyOf(
              at.at("or_ids").each("ids", wire.getOrIds().getIdsList(), RbacDecoder::principal));
      case ANY -> new Test.Always();
      case AUTHENTICATED -> authenticated(wire.getAuthenticated(), at.at("authenticated"));
      case SOURCE_IP, METADATA -> deprecated(wire, at);
      case DIRECT_REMOTE_IP ->
          new Test.DirectRemoteIp(
              CidrDecoder.one(wire.getDirectRemoteIp(), at.at("direct_remote_ip")));
      case REMOTE_IP -> new Test.RemoteIp(CidrDecoder.one(wire.getRemoteIp(), at.at("remote_ip")));
      case HEADER ->
          new Test.Header(
              HeaderMatchDecoder.all("header", List.of(wire.getHeader()), at).getFirst());
      case URL_PATH -> path(wire.getUrlPath(), at.at("url_path"));
      case SOURCED_METADATA -> sourced(wire.getSourcedMetadata(), at.at("sourced_metadata"));
      case FILTER_STATE -> state(wire.getFilterState(), at.at("filter_state"));
      case NOT_ID -> new Test.Not(principal(wire.getNotId(), at.at("not_id")));
      case CUSTOM -> throw at.at("custom").invalid("not supported");
      case IDENTIFIER_NOT_SET -> throw at.invalid("an identifier is required");
    };
  }

  private static Test authenticated(Principal.Authenticated wire, Field at)
      throws InvalidResourceException {
    @Nullable TextMatch name =
        wire.hasPrincipalName()
            ? TextMatchDecoder.decode(wire.getPrincipalName(), at.at("principal_name"))
            : null;
    return new Test.Authenticated(name);
  }

  @SuppressWarnings("deprecation") // understood under their old names too
  private static Test deprecated(Principal wire, Field at) throws InvalidResourceException {
    return wire.hasSourceIp()
        ? new Test.SourceIp(CidrDecoder.one(wire.getSourceIp(), at.at("source_ip")))
        : new Test.Dynamic(MetadataMatchDecoder.decode(wire.getMetadata(), at.at("metadata")));
  }

  private static Test template(TypedExtensionConfig wire, Field at)
      throws InvalidResourceException {
    return new Test.Path(new TextMatch.Regex(UriTemplateDecoder.match(wire, at).pattern()));
  }

  private static Test path(PathMatcher wire, Field at) throws InvalidResourceException {
    return new Test.Path(TextMatchDecoder.decode(wire.getPath(), at.at("path")));
  }

  private static Test state(FilterStateMatcher wire, Field at) throws InvalidResourceException {
    at.unsupported(wire.hasAddressMatch(), "address_match");
    return new Test.State(
        wire.getKey(), TextMatchDecoder.decode(wire.getStringMatch(), at.at("string_match")));
  }

  private static Test sourced(SourcedMetadata wire, Field at) throws InvalidResourceException {
    at.unsupported(wire.getMetadataSource() != MetadataSource.DYNAMIC, "metadata_source");
    return new Test.Dynamic(
        MetadataMatchDecoder.decode(wire.getMetadataMatcher(), at.at("metadata_matcher")));
  }
}
