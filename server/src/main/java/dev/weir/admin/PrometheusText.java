package dev.weir.admin;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Distribution;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.TextReadout;
import java.io.IOException;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Writes statistics in Prometheus' text format: counters, gauges, texts, histograms, each by
/// metric.
final class PrometheusText {
  private final Map<String, SequencedMap<String, String>> counters = new TreeMap<>();
  private final Map<String, SequencedMap<String, String>> gauges = new TreeMap<>();
  private final Map<String, SequencedMap<String, Histogram>> histograms = new TreeMap<>();
  private final StatsQuery query;
  private final boolean withTexts;

  private PrometheusText(StatsQuery query, boolean withTexts) {
    this.query = query;
    this.withTexts = withTexts;
  }

  /// @param withTexts whether a text becomes a gauge of value 0 with a label
  static void write(Stats stats, StatsQuery query, boolean withTexts, Appendable out)
      throws IOException {
    var page = new PrometheusText(query, withTexts);
    stats.forEach((name, stat) -> {
      if (query.wants(name, stat)) {
        var metric = MetricName.of(name);
        switch (stat) {
          case Counter counter -> put(page.counters, metric, Long.toString(counter.value()));
          case Gauge gauge -> put(page.gauges, metric, Long.toUnsignedString(gauge.value()));
          case Histogram histogram -> put(page.histograms, metric, histogram);
          case TextReadout text -> page.text(metric, text.value());
        }
      }
    });
    page.write(out);
  }

  private static <V> void put(
      Map<String, SequencedMap<String, V>> group, MetricName name, V value) {
    group.computeIfAbsent(name.metric(), _ -> new TreeMap<>()).put(name.labels(), value);
  }

  private void text(MetricName name, String value) {
    if (withTexts) {
      var escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      var labels = join(name.labels(), "text_value=\"" + escaped + "\"");
      put(gauges, new MetricName(name.metric(), labels), "0");
    }
  }

  private void write(Appendable out) throws IOException {
    writeAll(counters, "counter", out);
    writeAll(gauges, "gauge", out);
    var summary = query.buckets() == StatsQuery.Buckets.SUMMARY;
    for (var metric : histograms.entrySet()) {
      type(metric.getKey(), summary ? "summary" : "histogram", out);
      for (var labelled : metric.getValue().entrySet()) {
        var all = labelled.getValue().cumulative();
        if (summary) {
          quantiles(metric.getKey(), labelled.getKey(), labelled.getValue().interval(), out);
        } else {
          buckets(metric.getKey(), labelled.getKey(), all, out);
        }
        line(metric.getKey() + "_sum", labelled.getKey(), Numbers.text(all.sum()), out);
        line(metric.getKey() + "_count", labelled.getKey(), Long.toString(all.count()), out);
      }
    }
  }

  private static void writeAll(
      Map<String, SequencedMap<String, String>> group, String type, Appendable out)
      throws IOException {
    for (var metric : group.entrySet()) {
      type(metric.getKey(), type, out);
      for (var labelled : metric.getValue().entrySet()) {
        line(metric.getKey(), labelled.getKey(), labelled.getValue(), out);
      }
    }
  }

  private static void quantiles(
      String metric, String labels, Distribution distribution, Appendable out) throws IOException {
    var quantiles = Distribution.quantiles();
    for (int i = 0; i < quantiles.length; i++) {
      var label = "quantile=\"" + Numbers.text(quantiles[i] / 100) + "\"";
      var value = distribution.count() == 0 ? "NaN" : Numbers.text(distribution.value(i));
      line(metric, join(labels, label), value, out);
    }
  }

  private static void buckets(
      String metric, String labels, Distribution distribution, Appendable out) throws IOException {
    var bounds = Distribution.bounds();
    for (int i = 0; i < bounds.length; i++) {
      var le = "le=\"" + Numbers.text(bounds[i]) + "\"";
      long count = StatsText.count(distribution, i, false);
      line(metric + "_bucket", join(labels, le), Long.toString(count), out);
    }
    var all = Long.toString(distribution.count());
    line(metric + "_bucket", join(labels, "le=\"+Inf\""), all, out);
  }

  private static String join(String labels, String more) {
    return labels.isEmpty() ? more : labels + "," + more;
  }

  private static void type(String metric, String type, Appendable out) throws IOException {
    out.append("# TYPE ").append(metric).append(' ').append(type).append('\n');
  }

  private static void line(String metric, String labels, String value, Appendable out)
      throws IOException {
    out.append(metric).append('{').append(labels).append("} ").append(value).append('\n');
  }
}
