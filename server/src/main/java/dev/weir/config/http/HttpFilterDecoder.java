package dev.weir.config.http;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weir.config.ExtensionDecoder;
import dev.weir.config.Field;
import dev.weir.config.FilterDiscovery.Kind;
import dev.weir.config.FilterDiscoveryDecoder;
import dev.weir.config.IstioStatsDecoder;
import dev.weir.config.RbacDecoder;
import dev.weir.config.http.FilterOverrides.Override;
import dev.weir.config.http.HttpFilterConfig.Named;
import dev.weir.config.http.HttpFilterConfig.PerRoute;
import dev.weir.proto.WireTypes;
import dev.weir.proto.istio.peers.Config;
import dev.weir.proto.istio.stats.PluginConfig;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.http.wasm.v3.Wasm;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.wasm.v3.FailurePolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the [HttpFilterConfig]s of a connection manager, and what routes tell them.
public final class HttpFilterDecoder {
  private static final String ROUTER = "envoy.filters.http.router";

  /// Filters that have nothing to do here, and that nothing is lost without: they tell other
  /// proxies, or telemetry services, about requests.
  private static final List<String> HARMLESS =
      List.of("istio.telemetry.stackdriver.config.v1alpha1.PluginConfig");

  private HttpFilterDecoder() {}

  /// The filters of a chain.
  ///
  /// @param at the message that has them in `field`
  static List<Named> chain(String field, List<HttpFilter> wire, Field at) {
    return at.eachIndexed(
        field, wire, (index, filter, there) -> filter(filter, index == wire.size() - 1, there));
  }

  private static Named filter(HttpFilter wire, boolean last, Field at)
      throws InvalidResourceException {
    var config = wire.hasConfigDiscovery() ? discovered(wire, last, at) : config(wire, at);
    boolean router = config instanceof HttpFilterConfig.Router;
    var type = wire.getName();
    at.check(
        !router || last,
        "Error: terminal filter named %s of type %s must be the last filter in a http filter chain."
            .formatted(wire.getName(), ROUTER));
    at.check(
        router || !last,
        "Error: non-terminal filter named %s of type %s is the last filter in a http filter chain."
            .formatted(wire.getName(), type));
    at.at("disabled")
        .check(
            !router || !wire.getDisabled(),
            "Error: the last (terminal) filter (%s) in the chain cannot be disabled by default."
                .formatted(wire.getName()));
    return new Named(wire.getName(), config, wire.getDisabled());
  }

  private static HttpFilterConfig discovered(HttpFilter wire, boolean last, Field at)
      throws InvalidResourceException {
    var there = at.at("config_discovery");
    var router = "type.googleapis.com/" + Router.getDescriptor().getFullName();
    there
        .at("type_urls")
        .require(
            !wire.getConfigDiscovery().getTypeUrlsList().contains(router),
            "a router that is pushed by itself is not supported");
    return new HttpFilterConfig.Discovered(
        FilterDiscoveryDecoder.<HttpFilterConfig>decode(
            new FilterDiscoveryDecoder.Place(wire.getName(), Kind.HTTP, last),
            wire.getConfigDiscovery(),
            HttpFilterDecoder::pushed,
            there));
  }

  /// Reads the configuration of a filter that is pushed by itself. One in Wasm that may fail is
  /// left out, as if it had failed.
  ///
  /// @throws InvalidResourceException if it cannot be put into force
  public static HttpFilterConfig pushed(Message typed, Field at) throws InvalidResourceException {
    var config = known(typed, at);
    if (config != null) {
      return config;
    }
    var type = typed.getDescriptorForType().getFullName();
    if (typed instanceof Wasm wasm && mayFail(wasm.getConfig())) {
      at.warn("the HTTP filter " + type + " is left out, as its configuration lets it fail");
      return new HttpFilterConfig.Absent(type);
    }
    throw at.invalid("HTTP filter " + type + " is not supported");
  }

  @SuppressWarnings("deprecation") // fail_open is how Istio says it
  private static boolean mayFail(io.envoyproxy.envoy.extensions.wasm.v3.PluginConfig plugin) {
    return plugin.getFailOpen() || plugin.getFailurePolicy() == FailurePolicy.FAIL_OPEN;
  }

  private static HttpFilterConfig config(HttpFilter wire, Field at)
      throws InvalidResourceException {
    var typedAt = at.at("typed_config");
    if (!wire.hasTypedConfig() && wire.getName().equals(ROUTER)) {
      typedAt.warn("is missing; the defaults of the router are taken");
      return HttpFilterMessagesDecoder.router(Router.getDefaultInstance(), typedAt);
    }
    try {
      var typed = ExtensionDecoder.unpack(wire.getName(), wire.getTypedConfig(), typedAt);
      var config = known(typed, typedAt);
      if (config != null) {
        return config;
      }
      throw typedAt.invalid(
          "HTTP filter " + typed.getDescriptorForType().getFullName() + " is not supported");
    } catch (InvalidResourceException e) {
      var type = ExtensionDecoder.typeOf(wire.getTypedConfig());
      if (wire.getIsOptional() || wire.getDisabled() || HARMLESS.contains(type)) {
        typedAt.warn("the HTTP filter " + type + " is left out");
        return new HttpFilterConfig.Absent(type);
      }
      throw e;
    }
  }

  private static @Nullable HttpFilterConfig known(Message typed, Field at)
      throws InvalidResourceException {
    return switch (typed) {
      case Router it -> HttpFilterMessagesDecoder.router(it, at);
      case HealthCheck it -> HttpFilterMessagesDecoder.healthCheck(it, at);
      case io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig it ->
          HttpFilterMessagesDecoder.grpcStats(it, at);
      case PluginConfig it -> new HttpFilterConfig.IstioStats(IstioStatsDecoder.stats(it, at));
      case dev.weir.proto.istio.alpn.FilterConfig it -> IstioAlpnDecoder.alpn(it);
      case Config _ -> {
        at.warn("who we are is not told; what clients say of themselves is removed");
        yield new HttpFilterConfig.IstioPeers();
      }
      case Cors _ -> new HttpFilterConfig.Cors();
      case HTTPFault it -> FaultDecoder.fault(it, at);
      case HeaderMutation it -> HttpFilterMessagesDecoder.headerMutation(it.getMutations(), at);
      case LocalRateLimit it -> HttpLocalRateLimitDecoder.decode(it, at);
      case JwtAuthentication it -> JwtDecoder.decode(it, at);
      case Compressor it -> CompressorDecoder.compressor(it, at);
      case RBAC it -> rbac(it, at);
      case ExtAuthz it -> HttpExtAuthzDecoder.filter(it, at);
      default -> null;
    };
  }

  private static HttpFilterConfig.Rbac rbac(RBAC wire, Field at) throws InvalidResourceException {
    return new HttpFilterConfig.Rbac(RbacDecoder.ofRequests(wire, at), wire.getTrackPerRuleStats());
  }

  /// `typed_per_filter_config` of some level of the routes.
  static FilterOverrides overrides(Map<String, Any> wire, Field at) {
    if (wire.isEmpty()) {
      return FilterOverrides.NONE;
    }
    var byName = new HashMap<String, Override>();
    wire.forEach((name, any) -> {
      var there = at.at("typed_per_filter_config", name);
      try {
        byName.put(name, override(name, any, there));
      } catch (InvalidResourceException e) {
        there.note(e.violations());
      }
    });
    return new FilterOverrides(Map.copyOf(byName));
  }

  private static Override override(String name, Any any, Field at) throws InvalidResourceException {
    if (!any.is(FilterConfig.class)) {
      return new Override(false, perRoute(name, any, false, at));
    }
    FilterConfig wrapper;
    try {
      wrapper = any.unpack(FilterConfig.class);
    } catch (InvalidProtocolBufferException e) {
      throw at.invalid(String.valueOf(e.getMessage()));
    }
    at.check(
        wrapper.hasConfig() || wrapper.getDisabled() || wrapper.getIsOptional(),
        "Empty route/virtual host per filter configuration for " + name + " filter");
    var config =
        wrapper.hasConfig() && !wrapper.getDisabled()
            ? perRoute(name, wrapper.getConfig(), wrapper.getIsOptional(), at.at("config"))
            : new HttpFilterConfig.Nothing();
    return new Override(wrapper.getDisabled(), config);
  }

  private static PerRoute perRoute(String name, Any any, boolean optional, Field at)
      throws InvalidResourceException {
    if (optional && unknown(any)) {
      at.warn("is left out");
      return new HttpFilterConfig.Nothing();
    }
    var typed = ExtensionDecoder.unpack(name, any, at);
    return switch (typed) {
      case CorsPolicy it -> HttpFilterMessagesDecoder.cors(it, at);
      case HTTPFault it -> FaultDecoder.fault(it, at);
      case HeaderMutationPerRoute it ->
          HttpFilterMessagesDecoder.headerMutation(it.getMutations(), at);
      case LocalRateLimit it -> HttpLocalRateLimitDecoder.decode(it, at);
      case ExtAuthzPerRoute it -> HttpExtAuthzDecoder.override(it, at);
      case RBACPerRoute it ->
          new HttpFilterConfig.RbacOverride(
              it.hasRbac() ? rbac(it.getRbac(), at.at("rbac")) : null);
      case PerRouteConfig it -> JwtDecoder.override(it);
      case CompressorPerRoute it -> CompressorDecoder.override(it, at);
      default ->
          throw at.invalid(
              "The filter "
                  + name
                  + " takes no "
                  + typed.getDescriptorForType().getFullName()
                  + " for a route here");
    };
  }

  private static boolean unknown(Any any) {
    return WireTypes.prototypeOf(any) == null;
  }
}
