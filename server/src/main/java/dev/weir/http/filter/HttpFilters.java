package dev.weir.http.filter;

import dev.weir.config.Workload;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.HttpFilterConfig.Named;
import dev.weir.istio.IstioHttpStats;
import dev.weir.istio.IstioMetrics;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.Clusters;

/// Makes live HTTP filters of configured ones. Main loop only.
public final class HttpFilters {
  private HttpFilters() {}

  /// What filters work with.
  ///
  /// @param scope the connection manager's, below which filters count
  /// @param stats where all statistics are
  /// @param local who this gateway is
  public record Surroundings(Clusters clusters, StatScope scope, Stats stats, Workload local) {}

  /// Makes the filter of a chain.
  public static HttpFilterFactory of(Named filter, Surroundings with) {
    var clusters = with.clusters;
    var scope = with.scope;
    return switch (filter.config()) {
      case HttpFilterConfig.Router _, HttpFilterConfig.Absent _ ->
          throw new IllegalStateException(filter.name() + " is none that could be made");
      case HttpFilterConfig.HealthCheck check -> new HealthCheckFilter(check);
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
          new LocalRateLimitFilter(filter.name(), limit, scope);
      case HttpFilterConfig.Compressor compressor ->
          new CompressorFilter(filter.name(), compressor, scope);
    };
  }
}
