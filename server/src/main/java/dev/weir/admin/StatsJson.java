package dev.weir.admin;

import com.google.gson.stream.JsonWriter;
import dev.weir.telemetry.Distribution;
import dev.weir.telemetry.Histogram;
import java.io.IOException;
import java.io.Writer;
import java.util.SequencedMap;

/// Writes statistics as JSON: one list, whose last element holds all histograms.
final class StatsJson {
  private final JsonWriter json;
  private final StatsQuery.Buckets buckets;

  private StatsJson(JsonWriter json, StatsQuery.Buckets buckets) {
    this.json = json;
    this.buckets = buckets;
  }

  static void write(StatsView view, StatsQuery.Buckets buckets, Writer out) throws IOException {
    var json = new JsonWriter(out);
    json.setHtmlSafe(false);
    new StatsJson(json, buckets).write(view);
    json.flush();
  }

  private void write(StatsView view) throws IOException {
    json.beginObject().name("stats").beginArray();
    for (var text : view.texts().entrySet()) {
      json.beginObject().name("name").value(text.getKey());
      json.name("value").value(text.getValue()).endObject();
    }
    for (var number : view.numbers().entrySet()) {
      json.beginObject().name("name").value(number.getKey());
      json.name("value").value(number.getValue()).endObject();
    }
    if (!view.histograms().isEmpty()) {
      json.beginObject().name("histograms");
      switch (buckets) {
        case SUMMARY, DETAILED -> quantiles(view.histograms());
        case CUMULATIVE -> buckets(view.histograms(), false);
        case DISJOINT -> buckets(view.histograms(), true);
      }
      json.endObject();
    }
    json.endArray().endObject();
  }

  private void quantiles(SequencedMap<String, Histogram> histograms) throws IOException {
    json.beginObject().name("supported_quantiles").beginArray();
    for (var quantile : Distribution.quantiles()) {
      json.jsonValue(Numbers.text(quantile));
    }
    json.endArray().name("computed_quantiles").beginArray();
    for (var histogram : histograms.entrySet()) {
      json.beginObject().name("name").value(histogram.getKey()).name("values").beginArray();
      for (int i = 0; i < Distribution.quantiles().length; i++) {
        json.beginObject().name("cumulative");
        value(histogram.getValue().cumulative(), i);
        json.name("interval");
        value(histogram.getValue().interval(), i);
        json.endObject();
      }
      json.endArray().endObject();
    }
    json.endArray().endObject();
  }

  private void value(Distribution distribution, int quantile) throws IOException {
    if (distribution.count() == 0) {
      json.nullValue();
    } else {
      json.jsonValue(Numbers.text(distribution.value(quantile)));
    }
  }

  private void buckets(SequencedMap<String, Histogram> histograms, boolean disjoint)
      throws IOException {
    var bounds = Distribution.bounds();
    json.beginArray();
    for (var histogram : histograms.entrySet()) {
      json.beginObject().name("name").value(histogram.getKey()).name("buckets").beginArray();
      for (int i = 0; i < bounds.length; i++) {
        json.beginObject().name("upper_bound").jsonValue(Numbers.text(bounds[i]));
        json.name("interval");
        json.value(StatsText.count(histogram.getValue().interval(), i, disjoint));
        json.name("cumulative");
        json.value(StatsText.count(histogram.getValue().cumulative(), i, disjoint));
        json.endObject();
      }
      json.endArray().endObject();
    }
    json.endArray();
  }
}
