package dev.weir.config.http;

import dev.weir.config.Checked;
import dev.weir.config.Field;
import dev.weir.config.MetadataDecoder;
import dev.weir.config.ResourceDecoder;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.RouteTableConfig.Options;
import dev.weir.config.http.VirtualHostConfig.AttemptCount;
import dev.weir.config.http.VirtualHostConfig.ForwardingDefaults;
import dev.weir.config.http.VirtualHostConfig.RequireTls;
import dev.weir.config.http.VirtualHostConfig.VirtualCluster;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerRoute;
import dev.weir.proto.newer.NewerRouteConfiguration;
import dev.weir.proto.newer.NewerVirtualHost;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes a [RouteTableConfig] of a `RouteConfiguration`. Any thread may call.
public final class RouteTableDecoder {
  private static final int MAX_DIRECT_BODY = 4096;

  private RouteTableDecoder() {}

  /// Checks the message and makes config of it.
  ///
  /// @param path what the paths of problems begin with; empty for a resource that was pushed
  /// @throws InvalidResourceException with all problems that were found
  public static Checked<RouteTableConfig> decode(RouteConfiguration wire, String path)
      throws InvalidResourceException {
    return ResourceDecoder.decode(wire, path, RouteTableDecoder::table);
  }

  static RouteTableConfig table(RouteConfiguration wire, Field at) {
    at.unsupported(wire.hasVhds(), "vhds");
    at.unsupported(wire.getClusterSpecifierPluginsCount() > 0, "cluster_specifier_plugins");
    var newer = NewerFields.of(wire, NewerRouteConfiguration.getDefaultInstance());
    at.unsupported(!newer.getVhostHeader().isEmpty(), "vhost_header");
    at.unsupported(newer.getRouteSpecifiersCount() > 0, "route_specifiers");
    long maxBody =
        ScalarDecoder.uint32(
            wire.hasMaxDirectResponseBodySizeBytes(),
            wire.getMaxDirectResponseBodySizeBytes(),
            MAX_DIRECT_BODY);
    var domains = new HashSet<String>();
    var hosts =
        at.each(
            "virtual_hosts",
            wire.getVirtualHostsList(),
            (host, there) -> host(host, maxBody, domains, there));
    return new RouteTableConfig(
        wire.getName(),
        hosts,
        HeaderRulesDecoder.rules(
            wire.getRequestHeadersToAddList(),
            wire.getRequestHeadersToRemoveList(),
            wire.getResponseHeadersToAddList(),
            wire.getResponseHeadersToRemoveList(),
            at),
        HttpFilterDecoder.overrides(wire.getTypedPerFilterConfigMap(), at),
        MetadataDecoder.metadata(wire.getMetadata()),
        ForwardingDecoder.mirrors(wire.getRequestMirrorPoliciesList(), at),
        new Options(
            wire.getMostSpecificHeaderMutationsWins(),
            wire.getIgnorePortInHostMatching(),
            wire.getIgnorePathParametersInPathMatching(),
            lowerCase(wire.getInternalOnlyHeadersList()),
            wire.hasValidateClusters() ? (Boolean) wire.getValidateClusters().getValue() : null));
  }

  private static List<String> lowerCase(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  @SuppressWarnings("deprecation") // to say what is not honoured
  private static VirtualHostConfig host(VirtualHost wire, long maxBody, Set<String> taken, Field at)
      throws InvalidResourceException {
    at.at("matcher")
        .check(
            !wire.hasMatcher() || wire.getRoutesCount() == 0,
            "cannot set both matcher and routes on virtual host");
    at.unsupported(wire.hasRetryPolicyTypedConfig(), "retry_policy_typed_config");
    at.withoutEffect(wire.hasCors(), "cors");
    var newer = NewerFields.of(wire, NewerVirtualHost.getDefaultInstance());
    at.unsupported(newer.getRouteSpecifiersCount() > 0, "route_specifiers");
    var domains = lowerCase(wire.getDomainsList());
    for (var domain : domains) {
      boolean any = domain.equals("*");
      at.check(
          taken.add(domain),
          any
              ? "Only a single wildcard domain is permitted in route " + wire.getName()
              : "Only unique values for domains are permitted. Duplicate entry of domain %s in route %s"
                  .formatted(domain, wire.getName()));
    }
    return new VirtualHostConfig(
        wire.getName(),
        domains,
        at.each("routes", wire.getRoutesList(), (route, there) -> route(route, maxBody, there)),
        wire.hasMatcher()
            ? RouteTreeDecoder.tree(wire.getMatcher(), maxBody, at.at("matcher"))
            : null,
        switch (wire.getRequireTls()) {
          case NONE, UNRECOGNIZED -> RequireTls.NONE;
          case EXTERNAL_ONLY -> RequireTls.EXTERNAL_ONLY;
          case ALL -> RequireTls.ALL;
        },
        at.each(
            "virtual_clusters",
            wire.getVirtualClustersList(),
            (cluster, there) -> {
              there.check(cluster.getHeadersCount() > 0, "virtual clusters must define 'headers'");
              return new VirtualCluster(
                  cluster.getName(),
                  HeaderMatchDecoder.all("headers", cluster.getHeadersList(), there));
            }),
        headers(wire, at),
        HttpFilterDecoder.overrides(wire.getTypedPerFilterConfigMap(), at),
        new AttemptCount(
            wire.getIncludeRequestAttemptCount(),
            wire.getIncludeAttemptCountInResponse(),
            wire.getIncludeIsTimeoutRetryHeader()),
        new ForwardingDefaults(
            wire.hasRetryPolicy()
                ? RetryDecoder.retry(wire.getRetryPolicy(), at.at("retry_policy"))
                : null,
            ForwardingDecoder.mirrors(wire.getRequestMirrorPoliciesList(), at),
            wire.hasHedgePolicy()
                && ForwardingDecoder.hedges(wire.getHedgePolicy(), at.at("hedge_policy")),
            RateLimitRuleDecoder.rules(wire.getRateLimitsList(), at),
            bufferLimit(wire, newer)),
        MetadataDecoder.metadata(wire.getMetadata()));
  }

  @SuppressWarnings("deprecation") // what request_body_buffer_limit was before
  private static @Nullable Long bufferLimit(VirtualHost wire, NewerVirtualHost newer) {
    return newer.hasRequestBodyBufferLimit()
        ? (Long) newer.getRequestBodyBufferLimit().getValue()
        : wire.hasPerRequestBufferLimitBytes()
            ? (Long) Integer.toUnsignedLong(wire.getPerRequestBufferLimitBytes().getValue())
            : null;
  }

  @SuppressWarnings("deprecation") // as above
  private static @Nullable Long bufferLimit(Route wire, NewerRoute newer) {
    return newer.hasRequestBodyBufferLimit()
        ? (Long) newer.getRequestBodyBufferLimit().getValue()
        : wire.hasPerRequestBufferLimitBytes()
            ? (Long) Integer.toUnsignedLong(wire.getPerRequestBufferLimitBytes().getValue())
            : null;
  }

  private static HeaderRules headers(VirtualHost wire, Field at) {
    return HeaderRulesDecoder.rules(
        wire.getRequestHeadersToAddList(),
        wire.getRequestHeadersToRemoveList(),
        wire.getResponseHeadersToAddList(),
        wire.getResponseHeadersToRemoveList(),
        at);
  }

  static RouteConfig route(Route wire, long maxBody, Field at) throws InvalidResourceException {
    at.withoutEffect(wire.hasTracing(), "tracing");
    at.withoutEffect(wire.hasDecorator(), "decorator");
    var newer = NewerFields.of(wire, NewerRoute.getDefaultInstance());
    at.unsupported(newer.getRouteSpecifiersCount() > 0, "route_specifiers");
    var match = RouteMatchDecoder.match(wire.getMatch(), at.at("match"));
    return new RouteConfig(
        wire.getName(),
        match,
        switch (wire.getActionCase()) {
          case ROUTE -> RouteActionDecoder.forward(wire.getRoute(), match.path(), at.at("route"));
          case REDIRECT -> RouteActionDecoder.redirect(wire.getRedirect(), at.at("redirect"));
          case DIRECT_RESPONSE ->
              RouteActionDecoder.direct(
                  wire.getDirectResponse(), maxBody, at.at("direct_response"));
          case NON_FORWARDING_ACTION -> new RouteAction.NonForwarding();
          case FILTER_ACTION -> throw at.at("filter_action").invalid("not supported");
          case ACTION_NOT_SET -> throw at.invalid("action is required");
        },
        HeaderRulesDecoder.rules(
            wire.getRequestHeadersToAddList(),
            wire.getRequestHeadersToRemoveList(),
            wire.getResponseHeadersToAddList(),
            wire.getResponseHeadersToRemoveList(),
            at),
        HttpFilterDecoder.overrides(wire.getTypedPerFilterConfigMap(), at),
        MetadataDecoder.metadata(wire.getMetadata()),
        wire.getStatPrefix(),
        bufferLimit(wire, newer));
  }
}
