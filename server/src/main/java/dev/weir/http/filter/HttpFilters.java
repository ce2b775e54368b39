package dev.weir.http.filter;

import dev.weir.config.Workload;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.HttpFilterConfig.Named;
import dev.weir.connection.FilterConfigs;
import dev.weir.connection.filter.DecisionServices;
import dev.weir.http.filter.compressor.CompressorFilter;
import dev.weir.http.filter.jwt.JwtAuthnFilter;
import dev.weir.istio.IstioHttpStats;
import dev.weir.istio.IstioMetrics;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.Clusters;
import java.io.IOException;

/// Makes live HTTP filters of configured ones. Main loop only.
public final class HttpFilters {
  private HttpFilters() {}

  /// What filters work with.
  ///
  /// @param scope the connection manager's, below which filters count
  /// @param stats where all statistics are
  /// @param configs where those get their configuration that do not have it with them
  /// @param local who this gateway is
  /// @param services that decide
  public record Surroundings(
      Clusters clusters,
      StatScope scope,
      Stats stats,
      FilterConfigs configs,
      Workload local,
      DecisionServices services) {}

  /// Makes the filter of a chain.
  ///
  /// @throws IOException if its configuration cannot be asked for
  public static HttpFilterFactory of(Named filter, Surroundings with) throws IOException {
    var clusters = with.clusters;
    var scope = with.scope;
    return switch (filter.config()) {
      case HttpFilterConfig.Absent _ -> _ -> null;
      case HttpFilterConfig.Discovered discovered ->
          new DiscoveredHttpFilter(
              discovered,
              with.configs,
              pushed -> of(new Named(filter.name(), pushed, filter.disabled()), with));
      case HttpFilterConfig.Router _ ->
          throw new IllegalStateException(filter.name() + " is none that could be made");
      case HttpFilterConfig.HealthCheck check -> new HealthCheckFilter(check, clusters);
      case HttpFilterConfig.GrpcStats stats -> new GrpcStatsFilter(stats, clusters);
      case HttpFilterConfig.IstioStats(var metrics) ->
          new IstioStatsFilter(
              new IstioHttpStats(new IstioMetrics(metrics, with.local, with.stats)));
      case HttpFilterConfig.IstioAlpn alpn -> new IstioAlpnFilter(alpn);
      case HttpFilterConfig.IstioPeers _ -> new IstioPeersFilter();
      case HttpFilterConfig.Cors _ -> new CorsFilter(filter.name(), scope);
      case HttpFilterConfig.Fault fault -> new FaultFilter(filter.name(), fault, scope);
      case HttpFilterConfig.HeaderMutation mutation ->
          new HeaderMutationFilter(filter.name(), mutation);
      case HttpFilterConfig.LocalRateLimit limit ->
          new LocalRateLimitFilter(filter.name(), limit, with.stats);
      case HttpFilterConfig.ExtAuthz(var authz) ->
          new ExtAuthzFilter(filter.name(), authz, with.services, scope);
      case HttpFilterConfig.Rbac rbac -> new RbacRequestFilter(filter.name(), rbac, scope);
      case HttpFilterConfig.JwtAuthn(var tokens) ->
          new JwtAuthnFilter(filter.name(), tokens, clusters, scope);
      case HttpFilterConfig.Compressor(var compressor) ->
          new CompressorFilter(filter.name(), compressor, scope);
    };
  }
}
