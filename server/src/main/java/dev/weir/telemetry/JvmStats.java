package dev.weir.telemetry;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Locale;

/// The Java machine's memory, collections and threads as gauges below `weir.jvm`: what Micrometer
/// measures, under its names, with the tags' values behind them. Any thread.
///
/// Garbage collections are noticed from now on; a gauge appears with the first of its kind.
public final class JvmStats implements AutoCloseable {
  private final StatScope scope;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /// Begins to measure.
  public JvmStats(Stats stats) {
    scope = stats.scope("weir");
    registry.config().onMeterAdded(this::show);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  private void show(Meter meter) {
    var name = new StringBuilder(meter.getId().getName());
    for (Tag tag : meter.getId().getTags()) {
      name.append('.').append(plain(tag.getValue()));
    }
    for (var measurement : meter.measure()) {
      scope.gauge(name + suffix(measurement.getStatistic()), () -> whole(measurement));
    }
  }

  /// Times are shown in milliseconds.
  private static String suffix(Statistic statistic) {
    return switch (statistic) {
      case VALUE, ACTIVE_TASKS, UNKNOWN -> "";
      case COUNT -> ".count";
      case TOTAL -> ".total";
      case TOTAL_TIME, DURATION -> ".total_ms";
      case MAX -> ".max_ms";
    };
  }

  private static long whole(Measurement measurement) {
    double value = measurement.getValue();
    boolean seconds =
        switch (measurement.getStatistic()) {
          case TOTAL_TIME, DURATION, MAX -> true;
          case VALUE, ACTIVE_TASKS, UNKNOWN, COUNT, TOTAL -> false;
        };
    return Math.max(0, Math.round(seconds ? value * 1000 : value)); // what is unlimited is -1
  }

  private static String plain(String value) {
    return value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
    scope.close();
  }
}
