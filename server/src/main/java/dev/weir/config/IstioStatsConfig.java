package dev.weir.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `istio.stats` (`stats.PluginConfig`): Istio's own metrics of connections and requests.
///
/// @param serverGateway whether it reports as a waypoint, whatever the listener's direction
/// @param interval how often a living connection is reported; zero for only at its end
/// @param hostFallback whether a request's host stands in for a service that is not known
public record IstioStatsConfig(
    boolean serverGateway, Duration interval, boolean hostFallback, List<Change> changes)
    implements NetworkFilterConfig {

  /// What the user changes about metrics.
  ///
  /// @param metric without the prefix `istio_`; empty for all
  /// @param labels the values of labels, Istio's own or further ones
  /// @param removed labels that are left out
  /// @param drop whether the metric is not reported at all
  public record Change(
      String metric, Map<String, CelExpression> labels, Set<String> removed, boolean drop) {
    /// Whether it is about a metric of this name.
    public boolean concerns(String name) {
      return (metric.isEmpty() && !drop) || metric.equals(name);
    }
  }
}
