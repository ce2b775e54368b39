package dev.weir.istio;

import dev.weir.config.IstioStatsConfig;
import dev.weir.config.IstioStatsConfig.Change;
import dev.weir.config.Workload;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.Label;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Istio's metrics, as one filter reports them: `istio_<name>` with Istio's labels, and with what
/// the user changed about them. Any worker.
///
/// Source: https://istio.io/latest/docs/reference/config/metrics/
public final class IstioMetrics implements AutoCloseable {
  /// Prometheus sees what follows the dot, see `PrometheusPage`.
  private static final String SCOPE = "istiocustom";

  private static final String PREFIX = "istio_";

  private final IstioStatsConfig config;
  private final MetricLabels labels;
  private final StatScope scope;

  /// @param local who this gateway is
  public IstioMetrics(IstioStatsConfig config, Workload local, Stats stats) {
    this.config = config;
    this.labels = new MetricLabels(local, config);
    this.scope = stats.scope(SCOPE);
  }

  /// How often a living connection is reported, in milliseconds.
  long intervalMillis() {
    return config.interval().toMillis();
  }

  /// All labels of a connection or request, as of now.
  List<Label> labels(ConnectionRecord record) {
    return labels.of(record);
  }

  /// The counter of a metric; null if the user does not want it.
  @Nullable Counter counter(String name, List<Label> all) {
    return isDropped(name) ? null : scope.counter(PREFIX + name, changed(name, all));
  }

  /// The histogram of a metric; null if the user does not want it.
  @Nullable Histogram histogram(String name, List<Label> all) {
    return isDropped(name) ? null : scope.histogram(PREFIX + name, changed(name, all));
  }

  /// A metric's name as the user's changes have it: without the unit's word for the total.
  private static String plain(String name) {
    return name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
  }

  private boolean concerns(Change change, String name) {
    return change.concerns(name) || change.concerns(plain(name));
  }

  private boolean isDropped(String name) {
    return config.changes().stream().anyMatch(it -> it.drop() && concerns(it, name));
  }

  private List<Label> changed(String name, List<Label> all) {
    var result = all;
    for (var change : config.changes()) {
      if (concerns(change, name)) {
        result = MetricLabels.changed(result, change);
      }
    }
    return result;
  }

  @Override
  public void close() {
    scope.close();
  }
}
