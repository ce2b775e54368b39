package dev.weir.config;

import com.google.protobuf.Message;
import dev.weir.config.FilterDiscovery.Kind;
import dev.weir.config.http.HttpConnectionManagerDecoder;
import dev.weir.proto.istio.stats.PluginConfig;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo;
import io.envoyproxy.envoy.extensions.filters.network.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.network.ratelimit.v3.RateLimit;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.sni_cluster.v3.SniCluster;
import io.envoyproxy.envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.tcp.metadataexchange.config.MetadataExchange;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Makes the [NetworkFilterConfig]s of a filter chain.
final class NetworkFilterDecoder {
  /// Where every network filter of the API lies: `PACKAGE` + kind + `.v3.`.
  private static final String PACKAGE = "envoy.extensions.filters.network.";

  /// The kinds that end a chain.
  private static final Set<String> TERMINAL =
      Set.of(
          "direct_response",
          "dubbo_proxy",
          "echo",
          "generic_proxy",
          "http_connection_manager",
          "redis_proxy",
          "reverse_tunnel",
          "tcp_proxy",
          "thrift_proxy");

  /// Those of Istio's own that are no filters of Envoy's.
  private static final Set<String> ISTIO =
      Set.of("stats.PluginConfig", "envoy.tcp.metadataexchange.config.MetadataExchange");

  private NetworkFilterDecoder() {}

  /// @param at the filter chain
  static List<NetworkFilterConfig> filters(List<Filter> wire, Field at) {
    return at.eachIndexed(
        "filters",
        wire,
        (index, filter, filterAt) -> filter(filter, index == wire.size() - 1, filterAt));
  }

  private static NetworkFilterConfig filter(Filter wire, boolean last, Field at)
      throws InvalidResourceException {
    if (wire.hasConfigDiscovery()) {
      return new NetworkFilterConfig.Discovered(
          FilterDiscoveryDecoder.<NetworkFilterConfig>decode(
              new FilterDiscoveryDecoder.Place(wire.getName(), Kind.NETWORK, last),
              wire.getConfigDiscovery(),
              (typed, there) -> discovered(wire.getName(), typed, last, there),
              at.at("config_discovery")));
    }
    var typedAt = at.at("typed_config");
    var typed = ExtensionDecoder.unpack(wire.getName(), wire.getTypedConfig(), typedAt);
    checkPlace(wire.getName(), kind(wire.getName(), typed, typedAt), last, at);
    return typed(typed, typedAt);
  }

  private static NetworkFilterConfig discovered(String name, Message typed, boolean last, Field at)
      throws InvalidResourceException {
    checkPlace(name, kind(name, typed, at), last, at);
    return typed(typed, at);
  }

  /// Reads the configuration of a filter, whatever its place.
  static NetworkFilterConfig typed(Message typed, Field typedAt) throws InvalidResourceException {
    return switch (typed) {
      case TcpProxy tcpProxy -> TcpProxyDecoder.tcpProxy(tcpProxy, typedAt);
      case HttpConnectionManager manager -> HttpConnectionManagerDecoder.decode(manager, typedAt);
      case Echo _ -> new NetworkFilterConfig.Echo();
      case io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config response ->
          new NetworkFilterConfig.DirectResponse(
              response.hasResponse()
                  ? DataSourceDecoder.hex(response.getResponse(), typedAt.at("response"))
                  : "");
      case ConnectionLimit limit -> connectionLimit(limit);
      case LocalRateLimit limit ->
          new NetworkFilterConfig.LocalRateLimit(LocalRateLimitDecoder.ofChain(limit, typedAt));
      case RBAC rbac -> RbacDecoder.ofChain(rbac, typedAt);
      case ExtAuthz authz -> ExtAuthzDecoder.ofChain(authz, typedAt);
      case RateLimit limit -> RateLimitDecoder.ofChain(limit, typedAt);
      case PluginConfig stats -> IstioStatsDecoder.stats(stats, typedAt);
      case MetadataExchange _ -> {
        typedAt.warn("metadata is not exchanged");
        yield new NetworkFilterConfig.Absent(typed.getDescriptorForType().getFullName());
      }
      case SniCluster _ -> new NetworkFilterConfig.SniCluster();
      case Config state ->
          new NetworkFilterConfig.SetFilterState(SetFilterStateDecoder.ofChain(state, typedAt));
      case FilterConfig forward -> ProvidedHostsDecoder.sniForward(forward, typedAt);
      default ->
          throw typedAt.invalid(
              "network filter "
                  + typed.getDescriptorForType().getFullName()
                  + " is not supported yet");
    };
  }

  private static NetworkFilterConfig connectionLimit(ConnectionLimit wire) {
    return new NetworkFilterConfig.ConnectionLimit(
        wire.getStatPrefix(),
        ScalarDecoder.uint64(wire.hasMaxConnections(), wire.getMaxConnections(), 0),
        ScalarDecoder.duration(wire.hasDelay(), wire.getDelay(), Duration.ZERO),
        LocalRateLimitDecoder.enabled(wire.hasRuntimeEnabled(), wire.getRuntimeEnabled()));
  }

  /// What the filter is called in the API's packages.
  private static String kind(String name, Message typed, Field at) throws InvalidResourceException {
    var type = typed.getDescriptorForType().getFullName();
    if (ISTIO.contains(type)) {
      return type;
    }
    if (!type.startsWith(PACKAGE)) {
      throw ExtensionDecoder.unregistered(name, type, at);
    }
    return type.substring(PACKAGE.length(), type.indexOf('.', PACKAGE.length()));
  }

  private static void checkPlace(String name, String kind, boolean last, Field at) {
    boolean terminal = TERMINAL.contains(kind);
    var filter = "filter named " + name + " of type envoy.filters.network." + kind;
    at.check(
        !terminal || last,
        "Error: terminal " + filter + " must be the last filter in a network filter chain.");
    at.check(
        terminal || !last,
        "Error: non-terminal " + filter + " is the last filter in a network filter chain.");
  }
}
