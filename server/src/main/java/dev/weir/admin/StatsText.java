package dev.weir.admin;

import dev.weir.telemetry.Distribution;
import dev.weir.telemetry.Histogram;
import java.io.IOException;

/// Writes statistics line by line: `name: value`.
final class StatsText {
  private StatsText() {}

  static void write(StatsView view, StatsQuery.Buckets buckets, Appendable out) throws IOException {
    for (var text : view.texts().entrySet()) {
      out.append(text.getKey()).append(": \"").append(text.getValue()).append("\"\n");
    }
    for (var number : view.numbers().entrySet()) {
      out.append(number.getKey()).append(": ");
      out.append(Long.toUnsignedString(number.getValue())).append('\n');
    }
    for (var histogram : view.histograms().entrySet()) {
      out.append(histogram.getKey()).append(": ");
      histogram(histogram.getValue(), buckets, out);
      out.append('\n');
    }
  }

  private static void histogram(Histogram histogram, StatsQuery.Buckets buckets, Appendable out)
      throws IOException {
    if (histogram.cumulative().count() == 0) {
      out.append("No recorded values");
      return;
    }
    switch (buckets) {
      case SUMMARY -> quantiles(histogram, out);
      case CUMULATIVE -> buckets(histogram, false, out);
      case DISJOINT -> buckets(histogram, true, out);
      case DETAILED -> {
        out.append("\n  totals=");
        buckets(histogram, true, out);
        out.append("\n  summary=");
        quantiles(histogram, out);
      }
    }
  }

  private static void quantiles(Histogram histogram, Appendable out) throws IOException {
    var quantiles = Distribution.quantiles();
    for (int i = 0; i < quantiles.length; i++) {
      out.append(i == 0 ? "P" : " P").append(Numbers.text(quantiles[i])).append('(');
      out.append(value(histogram.interval(), i)).append(',');
      out.append(value(histogram.cumulative(), i)).append(')');
    }
  }

  private static String value(Distribution distribution, int quantile) {
    return distribution.count() == 0 ? "nan" : Numbers.text(distribution.value(quantile));
  }

  private static void buckets(Histogram histogram, boolean disjoint, Appendable out)
      throws IOException {
    var bounds = Distribution.bounds();
    for (int i = 0; i < bounds.length; i++) {
      out.append(i == 0 ? "B" : " B").append(Numbers.text(bounds[i])).append('(');
      out.append(Long.toString(count(histogram.interval(), i, disjoint))).append(',');
      out.append(Long.toString(count(histogram.cumulative(), i, disjoint))).append(')');
    }
  }

  /// How many values lie at or below a bound, or between it and the one before.
  static long count(Distribution distribution, int bound, boolean disjoint) {
    if (distribution.count() == 0) {
      return 0;
    }
    long below = disjoint && bound > 0 ? distribution.atOrBelow(bound - 1) : 0;
    return distribution.atOrBelow(bound) - below;
  }
}
