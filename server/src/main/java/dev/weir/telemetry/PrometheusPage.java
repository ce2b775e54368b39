package dev.weir.telemetry;

import dev.weir.telemetry.Tags.Tagged;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Statistics for Prometheus: first counters, then gauges, texts and histograms; all of one name
/// together.
final class PrometheusPage {
  /// Names below this are those of Istio's metrics, which its dashboards know without a prefix.
  private static final String ISTIO = "istiocustom.";

  private final Stats stats;
  private final Tags tags;
  private final BucketBounds bounds;
  private final StatsQuery query;
  private final Writer out;
  private final Map<StatKind, TreeMap<String, List<Sample>>> metrics =
      new EnumMap<>(StatKind.class);

  PrometheusPage(Stats stats, Tags tags, BucketBounds bounds, StatsQuery query, Writer out) {
    if (!query.histograms().suitsPrometheus()) {
      throw new IllegalArgumentException("no such view for Prometheus: " + query.histograms());
    }
    this.stats = stats;
    this.tags = tags;
    this.bounds = bounds;
    this.query = query;
    this.out = out;
  }

  private record Sample(String name, String labels, Stat stat) {}

  void add(String name, Stat stat) {
    var kind = StatKind.of(stat);
    if (kind == StatKind.TEXT && !query.texts()) {
      return;
    }
    var tagged = tagged(name);
    metrics
        .computeIfAbsent(kind, _ -> new TreeMap<>())
        .computeIfAbsent(tagged.name(), _ -> new ArrayList<>(1))
        .add(new Sample(name, labels(tagged.tags()), stat));
  }

  private Tagged tagged(String name) {
    var labelled = stats.labelled(name);
    return labelled == null ? tags.extract(name) : new Tagged(labelled.name(), labelled.labels());
  }

  void write() throws IOException {
    for (var kind : List.of(StatKind.COUNTER, StatKind.GAUGE, StatKind.TEXT, StatKind.HISTOGRAM)) {
      for (var metric : metrics.getOrDefault(kind, new TreeMap<>()).entrySet()) {
        String name = name(metric.getKey());
        out.append("# TYPE ").append(name).append(' ').append(type(kind)).append('\n');
        metric.getValue().sort(Comparator.comparing(Sample::name));
        for (var sample : metric.getValue()) {
          write(name, sample);
        }
      }
    }
  }

  /// Our own names are shown under our own name.
  private static String name(String name) {
    if (name.startsWith(ISTIO)) {
      return identifier(name.substring(ISTIO.length()));
    }
    return (name.startsWith("weir.") ? "" : "envoy_") + identifier(name);
  }

  private String type(StatKind kind) {
    return switch (kind) {
      case COUNTER -> "counter";
      case GAUGE, TEXT -> "gauge";
      case HISTOGRAM -> query.histograms() == HistogramView.SUMMARY ? "summary" : "histogram";
    };
  }

  private void write(String name, Sample sample) throws IOException {
    switch (sample.stat) {
      case Counter counter -> line(name, sample.labels, Long.toUnsignedString(counter.value()));
      case Gauge gauge -> line(name, sample.labels, Long.toUnsignedString(gauge.value()));
      case TextReadout text -> line(name, with(sample.labels, "text_value", text.value()), "0");
      case Histogram histogram -> histogram(name, sample, histogram.cumulative());
    }
  }

  private void histogram(String name, Sample sample, Distribution values) throws IOException {
    if (query.histograms() == HistogramView.SUMMARY) {
      for (double quantile : Distribution.QUANTILES) {
        line(
            name,
            with(sample.labels, "quantile", TextPage.plain(quantile / 100)),
            TextPage.plain(values.quantile(quantile)));
      }
    } else {
      for (double bound : bounds.of(sample.name)) {
        line(
            name + "_bucket",
            with(sample.labels, "le", TextPage.plain(bound)),
            Long.toString(values.atOrBelow(bound)));
      }
      line(name + "_bucket", with(sample.labels, "le", "+Inf"), Long.toString(values.count()));
    }
    line(name + "_sum", sample.labels, TextPage.plain(values.sum()));
    line(name + "_count", sample.labels, Long.toString(values.count()));
  }

  private void line(String name, String labels, String value) throws IOException {
    out.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }

  private static String labels(List<Label> tags) {
    String labels = "";
    for (var tag : tags) {
      labels = with(labels, identifier(tag.name()), tag.value());
    }
    return labels;
  }

  private static String with(String labels, String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    return (labels.isEmpty() ? "" : labels + ",") + name + "=\"" + escaped + "\"";
  }

  private static String identifier(String name) {
    var text = new StringBuilder(name);
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      boolean allowed =
          next < 0x80 && (Character.isLetterOrDigit(next) || next == '_' || next == ':');
      if (!allowed) {
        text.setCharAt(i, '_');
      }
    }
    return text.toString();
  }
}
