package dev.weir.istio;

import dev.weir.config.CelExpression;
import dev.weir.config.IstioStatsConfig;
import dev.weir.config.IstioStatsConfig.Change;
import dev.weir.config.Workload;
import dev.weir.telemetry.Attributes;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.Label;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import java.util.ArrayList;
import java.util.List;

/// Istio's metrics, as one filter reports them: `istio_<name>` with Istio's labels, and with what
/// the user changed about them. Made on the main loop; any worker.
///
/// Source: https://istio.io/latest/docs/reference/config/metrics/
public final class IstioMetrics implements AutoCloseable {
  /// Prometheus sees what follows the dot, see `PrometheusPage`.
  private static final String SCOPE = "istiocustom";

  private static final String PREFIX = "istio_";

  private final IstioStatsConfig config;
  private final MetricLabels labels;
  private final StatScope scope;
  private final List<CelExpression> expressions;

  /// @param local who this gateway is
  public IstioMetrics(IstioStatsConfig config, Workload local, Stats stats) {
    this.config = config;
    this.labels = new MetricLabels(local, config);
    this.scope = stats.scope(SCOPE);
    this.expressions =
        config.changes().stream()
            .map(Change::labels)
            .flatMap(it -> it.values().stream())
            .distinct()
            .toList();
    var version = local.istioVersion().isEmpty() ? Workload.UNKNOWN : local.istioVersion();
    var build = List.of(new Label("component", "proxy"), new Label("tag", version));
    scope.gauge(PREFIX + "build", build).set(1);
  }

  /// How often a living connection is reported, in milliseconds; 0 for only at its end.
  long intervalMillis() {
    return config.interval().toMillis();
  }

  /// What there is to say of a connection or request, as of now.
  Observation observe(ConnectionRecord record) {
    if (expressions.isEmpty()) {
      return new Observation(labels.of(record), List.of());
    }
    var attributes = Attributes.of(record);
    var values = new ArrayList<String>(expressions.size());
    for (var expression : expressions) {
      var value = expression.print(attributes);
      values.add(value == null ? Workload.UNKNOWN : value);
    }
    return new Observation(labels.of(record), values);
  }

  /// A metric that is counted.
  ///
  /// @param name without the prefix
  IstioMetric<Counter> counter(String name) {
    return new IstioMetric<>(
        name, config.changes(), expressions, labels -> scope.counter(PREFIX + name, labels));
  }

  /// A metric whose values are distributed.
  ///
  /// @param name without the prefix
  IstioMetric<Histogram> histogram(String name) {
    return new IstioMetric<>(
        name, config.changes(), expressions, labels -> scope.histogram(PREFIX + name, labels));
  }

  @Override
  public void close() {
    scope.close();
  }
}
