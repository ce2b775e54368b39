package dev.weir.telemetry;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.function.BiFunction;

/// Statistics as one JSON object.
final class JsonPage {
  private final BucketBounds bounds;
  private final HistogramView view;
  private final JsonWriter json;

  JsonPage(BucketBounds bounds, HistogramView view, Writer out) {
    this.bounds = bounds;
    this.view = view;
    this.json = new JsonWriter(out);
    this.json.setHtmlSafe(false);
  }

  void write(List<NamedStat> stats) throws IOException {
    json.beginObject().name("stats").beginArray();
    for (var named : stats) {
      if (named.stat() instanceof TextReadout text) {
        json.beginObject().name("name").value(named.name());
        json.name("value").value(text.value()).endObject();
      }
    }
    for (var named : stats) {
      switch (named.stat()) {
        case Counter counter -> number(named.name(), counter.value());
        case Gauge gauge -> number(named.name(), gauge.value());
        case Histogram _, TextReadout _ -> {}
      }
    }
    var histograms = stats.stream().filter(named -> named.stat() instanceof Histogram).toList();
    if (!histograms.isEmpty()) {
      json.beginObject().name("histograms");
      histograms(histograms);
      json.endObject();
    }
    json.endArray().endObject().flush();
  }

  private void number(String name, long value) throws IOException {
    json.beginObject().name("name").value(name);
    json.name("value").jsonValue(Long.toUnsignedString(value)).endObject();
  }

  private void histograms(List<NamedStat> histograms) throws IOException {
    switch (view) {
      case SUMMARY, UNSPECIFIED -> summaries(histograms);
      case CUMULATIVE -> buckets(histograms, TextPage::cumulative);
      case DISJOINT -> buckets(histograms, TextPage::disjoint);
      case DETAILED -> details(histograms);
    }
  }

  private void summaries(List<NamedStat> histograms) throws IOException {
    json.beginObject();
    quantiles("supported_quantiles");
    json.name("computed_quantiles").beginArray();
    for (var named : histograms) {
      json.beginObject().name("name").value(named.name());
      values("values", (Histogram) named.stat());
      json.endObject();
    }
    json.endArray().endObject();
  }

  private void buckets(
      List<NamedStat> histograms, BiFunction<Distribution, List<Double>, long[]> counts)
      throws IOException {
    json.beginArray();
    for (var named : histograms) {
      var histogram = (Histogram) named.stat();
      var limits = bounds.of(named.name());
      var interval = counts.apply(histogram.interval(), limits);
      var cumulative = counts.apply(histogram.cumulative(), limits);
      json.beginObject().name("name").value(named.name()).name("buckets").beginArray();
      for (int i = 0; i < limits.size(); i++) {
        json.beginObject().name("upper_bound").jsonValue(JsonText.number(limits.get(i)));
        json.name("interval").value(interval[i]);
        json.name("cumulative").value(cumulative[i]).endObject();
      }
      json.endArray().endObject();
    }
    json.endArray();
  }

  private void details(List<NamedStat> histograms) throws IOException {
    json.beginObject();
    quantiles("supported_percentiles");
    json.name("details").beginArray();
    for (var named : histograms) {
      var histogram = (Histogram) named.stat();
      json.beginObject().name("name").value(named.name());
      detail("totals", histogram.cumulative());
      detail("intervals", histogram.interval());
      values("percentiles", histogram);
      json.endObject();
    }
    json.endArray().endObject();
  }

  private void detail(String name, Distribution distribution) throws IOException {
    json.name(name).beginArray();
    for (var bucket : distribution.buckets()) {
      json.beginObject().name("lower_bound").value(bucket.low());
      json.name("width").value(bucket.width());
      json.name("count").value(bucket.count()).endObject();
    }
    json.endArray();
  }

  private void quantiles(String name) throws IOException {
    json.name(name).beginArray();
    for (double quantile : Distribution.QUANTILES) {
      json.jsonValue(JsonText.number(quantile));
    }
    json.endArray();
  }

  private void values(String name, Histogram histogram) throws IOException {
    json.name(name).beginArray();
    for (double quantile : Distribution.QUANTILES) {
      json.beginObject().name("cumulative");
      json.jsonValue(JsonText.number(histogram.cumulative().quantile(quantile)));
      json.name("interval").jsonValue(JsonText.number(histogram.interval().quantile(quantile)));
      json.endObject();
    }
    json.endArray();
  }
}
