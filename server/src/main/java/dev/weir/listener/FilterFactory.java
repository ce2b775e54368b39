package dev.weir.listener;

import dev.weir.config.ExtAuthzConfig;
import dev.weir.config.FilterChainConfig;
import dev.weir.config.HttpConnectionManagerConfig;
import dev.weir.config.IstioStatsConfig;
import dev.weir.config.ListenerFilterConfig;
import dev.weir.config.LocalRateLimitConfig;
import dev.weir.config.MetadataValue;
import dev.weir.config.NetworkFilterConfig;
import dev.weir.config.RateLimitConfig;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.Workload;
import dev.weir.connection.EchoFilter;
import dev.weir.connection.FilterChain;
import dev.weir.connection.FilterConfigs;
import dev.weir.connection.NetworkFilter;
import dev.weir.connection.SniForwardFilter;
import dev.weir.connection.TokenBucket;
import dev.weir.connection.filter.ConnectionLimit;
import dev.weir.connection.filter.DecisionServices;
import dev.weir.connection.filter.DirectResponse;
import dev.weir.connection.filter.DiscoveredFilter;
import dev.weir.connection.filter.ExtAuthz;
import dev.weir.connection.filter.LocalRateLimit;
import dev.weir.connection.filter.RateLimit;
import dev.weir.connection.filter.RbacFilter;
import dev.weir.connection.filter.SetFilterState;
import dev.weir.connection.filter.SniCluster;
import dev.weir.http.HttpConnectionManager;
import dev.weir.http.RouteSources;
import dev.weir.istio.IstioMetrics;
import dev.weir.istio.IstioTcpStats;
import dev.weir.listener.inspect.Inspector;
import dev.weir.listener.inspect.Inspectors;
import dev.weir.tcpproxy.TcpProxy;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.transport.LocalAddress;
import dev.weir.transport.tls.TransportFactory;
import dev.weir.upstream.Clusters;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.decision.CheckQuestion;
import dev.weir.xds.decision.RateLimitQuestion;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Builds live filters. Main loop only.
public final class FilterFactory {
  private final SerialLoop main;
  private final Clusters clusters;
  private final Stats stats;
  private final AccessLogSinks logs;
  private final Discoveries discoveries;
  private final TransportFactory transports;
  private final Identity local;
  private final Inspectors inspectors;
  private final Map<SharedBucket, TokenBucket> sharedBuckets = new HashMap<>();

  /// Filters share a bucket if they say the same key and describe the same bucket. It is kept for
  /// good, so that a push does not fill it.
  private record SharedBucket(String key, LocalRateLimitConfig.Bucket bucket) {}

  /// @param clusters where filters find the clusters that they are configured with
  /// @param transports makes the chains' transports
  public FilterFactory(
      SerialLoop main,
      Clusters clusters,
      Stats stats,
      AccessLogSinks logs,
      TransportFactory transports) {
    this(
        main,
        new Surroundings(
            clusters,
            stats,
            logs,
            transports,
            new Discoveries(RouteSources.NONE, FilterConfigs.NONE),
            Identity.NONE));
  }

  /// What filters work with.
  ///
  /// @param clusters where filters find the clusters that they are configured with
  /// @param transports makes the chains' transports
  /// @param discoveries where it is to be had what a control plane pushes for filters
  /// @param local who this gateway is
  public record Surroundings(
      Clusters clusters,
      Stats stats,
      AccessLogSinks logs,
      TransportFactory transports,
      Discoveries discoveries,
      Identity local) {}

  /// Where it is to be had what a control plane pushes for filters.
  public record Discoveries(RouteSources routes, FilterConfigs filters) {}

  /// Who this gateway is.
  ///
  /// @param workload for Istio's metrics
  /// @param address by which it tells of itself
  /// @param metadata of its node
  public record Identity(
      Workload workload, LocalAddress address, Map<String, MetadataValue> metadata) {
    /// Nobody in particular.
    public static final Identity NONE = new Identity(Workload.NONE, LocalAddress.IPV4, Map.of());
  }

  public FilterFactory(SerialLoop main, Surroundings with) {
    this.main = main;
    this.transports = with.transports;
    this.clusters = with.clusters;
    this.stats = with.stats;
    this.logs = with.logs;
    this.discoveries = with.discoveries;
    this.local = with.local;
    this.inspectors = new Inspectors(stats, with.discoveries.filters);
  }

  /// A live chain, with all its filters.
  ///
  /// @param scope where the listener counts
  /// @param listener the statistics' prefix of its listener
  /// @throws IOException if an access log cannot be opened, or a secret cannot be asked for
  FilterChain create(FilterChainConfig config, StatScope scope, String listener)
      throws IOException {
    var filters = new ArrayList<NetworkFilter>(config.filters().size());
    for (var filter : config.filters()) {
      filters.add(create(filter, listener));
    }
    return new FilterChain(
        config, transports.downstream(config.transportSocket(), scope), filters, main);
  }

  private NetworkFilter create(NetworkFilterConfig config, String listener) throws IOException {
    return switch (config) {
      case TcpProxyConfig tcpProxy ->
          new TcpProxy(tcpProxy, clusters, stats, logs.open(tcpProxy.accessLogs().logs()));
      case HttpConnectionManagerConfig manager ->
          new HttpConnectionManager(
              manager,
              new HttpConnectionManager.Dependencies(
                  clusters,
                  stats,
                  discoveries.routes,
                  discoveries.filters,
                  listener,
                  local.address().find(),
                  local.workload(),
                  services()),
              logs.open(manager.accessLogs().logs()));
      case IstioStatsConfig istio ->
          new IstioTcpStats(new IstioMetrics(istio, local.workload(), stats));
      case NetworkFilterConfig.Rbac(var rbac) -> new RbacFilter(rbac, stats);
      case ExtAuthzConfig authz ->
          new ExtAuthz(
              authz,
              services().method(authz.service(), CheckQuestion.METHOD),
              services().labels(authz.told().labelsKey()),
              stats);
      case RateLimitConfig limit ->
          new RateLimit(limit, services().method(limit.service(), RateLimitQuestion.METHOD), stats);
      case NetworkFilterConfig.Discovered discovered ->
          new DiscoveredFilter(discovered, discoveries.filters, pushed -> create(pushed, listener));
      case NetworkFilterConfig.Absent _ -> (_, next) -> next.run();
      case NetworkFilterConfig.Echo _ -> new EchoFilter();
      case NetworkFilterConfig.DirectResponse(var hex) -> new DirectResponse(hex);
      case NetworkFilterConfig.ConnectionLimit limit -> new ConnectionLimit(limit, stats);
      case NetworkFilterConfig.LocalRateLimit(var limit) -> rateLimit(limit);
      case NetworkFilterConfig.SniCluster _ -> new SniCluster();
      case NetworkFilterConfig.SetFilterState(var state) -> new SetFilterState(state);
      case NetworkFilterConfig.SniForward(var cache, int port) ->
          new SniForwardFilter(clusters.nameCache(cache), port);
    };
  }

  private DecisionServices services() {
    var self = NetUtil.toAddressString(local.address().find());
    return new DecisionServices(clusters, self, local.metadata());
  }

  private NetworkFilter rateLimit(LocalRateLimitConfig limit) {
    var key = limit.shareKey();
    var bucket =
        key.isEmpty()
            ? new TokenBucket(limit.bucket())
            : sharedBuckets.computeIfAbsent(
                new SharedBucket(key, limit.bucket()), shared -> new TokenBucket(shared.bucket()));
    return new LocalRateLimit(limit, bucket, stats);
  }

  /// Where filters find the clusters that they are configured with.
  Clusters clusters() {
    return clusters;
  }

  /// The live listener filters, in order.
  ///
  /// @param scope where the listener counts
  /// @throws IOException if the configuration of one cannot be asked for
  List<Inspector> inspectors(List<ListenerFilterConfig> configs, StatScope scope)
      throws IOException {
    return inspectors.create(configs, scope);
  }
}
