package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.HttpFilterConfig.Named;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.Clusters;

/// Makes live HTTP filters of configured ones. Main loop only.
public final class HttpFilters {
  private HttpFilters() {}

  /// Makes the filter of a chain.
  ///
  /// @param scope the connection manager's, below which filters count
  public static HttpFilterFactory of(Named filter, Clusters clusters, StatScope scope) {
    return switch (filter.config()) {
      case HttpFilterConfig.Router _, HttpFilterConfig.Absent _ ->
          throw new IllegalStateException(filter.name() + " is none that could be made");
      case HttpFilterConfig.HealthCheck check -> new HealthCheckFilter(check);
      case HttpFilterConfig.GrpcStats stats -> new GrpcStatsFilter(stats, clusters);
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
