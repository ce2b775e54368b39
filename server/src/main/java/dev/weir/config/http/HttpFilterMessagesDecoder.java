package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.TextMatchDecoder;
import dev.weir.config.http.HttpFilterConfig.HeaderMutation.Edit;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/// Makes the configuration of the HTTP filters that we have, one message each.
final class HttpFilterMessagesDecoder {
  private HttpFilterMessagesDecoder() {}

  static HttpFilterConfig router(Router wire, Field at) {
    at.unsupported(wire.getUpstreamHttpFiltersCount() > 0, "upstream_http_filters");
    at.withoutEffect(wire.getUpstreamLogCount() > 0, "upstream_log");
    return new HttpFilterConfig.Router(
        wire.getSuppressEnvoyHeaders(),
        wire.getRespectExpectedRqTimeout(),
        List.copyOf(wire.getStrictCheckHeadersList()));
  }

  static HttpFilterConfig healthCheck(HealthCheck wire, Field at) {
    boolean passThrough = wire.getPassThroughMode().getValue();
    at.check(
        passThrough || !wire.hasCacheTime(),
        "cache_time_ms must not be set when path_through_mode is disabled");
    at.check(
        !passThrough || wire.getClusterMinHealthyPercentagesCount() == 0,
        "cluster_min_healthy_percentages must not be set when path_through_mode is enabled");
    var minima = new TreeMap<String, Double>();
    wire.getClusterMinHealthyPercentagesMap()
        .forEach((cluster, percent) -> minima.put(cluster, percent.getValue()));
    return new HttpFilterConfig.HealthCheck(
        passThrough,
        ScalarDecoder.duration(wire.hasCacheTime(), wire.getCacheTime(), Duration.ZERO),
        HeaderMatchDecoder.all("headers", wire.getHeadersList(), at),
        Collections.unmodifiableSortedMap(minima));
  }

  static HttpFilterConfig grpcStats(FilterConfig wire, Field at) {
    at.withoutEffect(wire.getEmitFilterState(), "emit_filter_state");
    at.withoutEffect(wire.getReplaceDotsInGrpcServiceName(), "replace_dots_in_grpc_service_name");
    var methods = new HashSet<String>();
    for (var service : wire.getIndividualMethodStatsAllowlist().getServicesList()) {
      service.getMethodNamesList().forEach(method -> methods.add(service.getName() + "/" + method));
    }
    return new HttpFilterConfig.GrpcStats(
        Set.copyOf(methods),
        wire.getStatsForAllMethods().getValue(),
        wire.getEnableUpstreamStats());
  }

  static HttpFilterConfig.CorsPolicy cors(CorsPolicy wire, Field at)
      throws InvalidResourceException {
    return new HttpFilterConfig.CorsPolicy(
        at.each(
            "allow_origin_string_match",
            wire.getAllowOriginStringMatchList(),
            TextMatchDecoder::decode),
        wire.getAllowMethods(),
        wire.getAllowHeaders(),
        wire.getExposeHeaders(),
        wire.getMaxAge(),
        wire.hasAllowCredentials() ? (Boolean) wire.getAllowCredentials().getValue() : null,
        wire.hasAllowPrivateNetworkAccess()
            ? (Boolean) wire.getAllowPrivateNetworkAccess().getValue()
            : null,
        wire.hasFilterEnabled()
            ? RouteMatchDecoder.share(wire.getFilterEnabled(), at.at("filter_enabled"))
            : Share.ALL,
        wire.hasShadowEnabled()
            ? RouteMatchDecoder.share(wire.getShadowEnabled(), at.at("shadow_enabled"))
            : Share.NONE,
        ScalarDecoder.bool(
            wire.hasForwardNotMatchingPreflights(), wire.getForwardNotMatchingPreflights(), true));
  }

  static HttpFilterConfig.HeaderMutation headerMutation(Mutations wire, Field at) {
    at.unsupported(wire.getQueryParameterMutationsCount() > 0, "query_parameter_mutations");
    var mutations = at.at("mutations");
    return new HttpFilterConfig.HeaderMutation(
        mutations.each(
            "request_mutations", wire.getRequestMutationsList(), HttpFilterMessagesDecoder::edit),
        mutations.each(
            "response_mutations",
            wire.getResponseMutationsList(),
            HttpFilterMessagesDecoder::edit));
  }

  /// One change of headers.
  static Edit edit(
      io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation wire, Field at)
      throws InvalidResourceException {
    return switch (wire.getActionCase()) {
      case REMOVE -> new Edit.Remove(wire.getRemove().toLowerCase(Locale.ROOT));
      case APPEND -> new Edit.Add(HeaderRulesDecoder.addition(wire.getAppend(), at.at("append")));
      case ACTION_NOT_SET -> throw at.invalid("action is required");
    };
  }
}
