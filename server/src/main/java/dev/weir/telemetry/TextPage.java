package dev.weir.telemetry;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.BiFunction;

/// Statistics as lines of text.
final class TextPage {
  private final BucketBounds bounds;
  private final HistogramView view;
  private final Writer out;

  TextPage(BucketBounds bounds, HistogramView view, Writer out) {
    this.bounds = bounds;
    this.view = view;
    this.out = out;
  }

  void write(List<NamedStat> stats) throws IOException {
    for (var named : stats) {
      if (named.stat() instanceof TextReadout text) {
        out.append(named.name()).append(": \"").append(text.value()).append("\"\n");
      }
    }
    for (var named : stats) {
      switch (named.stat()) {
        case Counter counter -> number(named.name(), counter.value());
        case Gauge gauge -> number(named.name(), gauge.value());
        case Histogram _, TextReadout _ -> {}
      }
    }
    for (var named : stats) {
      if (named.stat() instanceof Histogram histogram) {
        histogram(named.name(), histogram);
      }
    }
  }

  private void number(String name, long value) throws IOException {
    out.append(name).append(": ").append(Long.toUnsignedString(value)).append('\n');
  }

  private void histogram(String name, Histogram histogram) throws IOException {
    out.append(name).append(':');
    if (!histogram.used()) {
      out.append(" No recorded values\n");
      return;
    }
    switch (view) {
      case SUMMARY, UNSPECIFIED -> out.append(' ').append(summary(histogram));
      case CUMULATIVE -> buckets(name, histogram, TextPage::cumulative);
      case DISJOINT -> buckets(name, histogram, TextPage::disjoint);
      case DETAILED -> {
        out.append("\n  totals=").append(detail(histogram.cumulative()));
        out.append("\n  intervals=").append(detail(histogram.interval()));
        out.append("\n  summary=").append(summary(histogram));
      }
    }
    out.append('\n');
  }

  private static String summary(Histogram histogram) {
    var text = new StringBuilder();
    for (double quantile : Distribution.QUANTILES) {
      text.append(text.isEmpty() ? "P" : " P")
          .append(plain(quantile))
          .append('(')
          .append(plain(histogram.interval().quantile(quantile)))
          .append(',')
          .append(plain(histogram.cumulative().quantile(quantile)))
          .append(')');
    }
    return text.toString();
  }

  private void buckets(
      String name, Histogram histogram, BiFunction<Distribution, List<Double>, long[]> counts)
      throws IOException {
    var limits = bounds.of(name);
    var interval = counts.apply(histogram.interval(), limits);
    var cumulative = counts.apply(histogram.cumulative(), limits);
    for (int i = 0; i < limits.size(); i++) {
      out.append(" B").append(bound(limits.get(i)));
      out.append('(').append(Long.toString(interval[i]));
      out.append(',').append(Long.toString(cumulative[i])).append(')');
    }
  }

  /// How many values lie at or below each bound.
  static long[] cumulative(Distribution distribution, List<Double> bounds) {
    var counts = new long[bounds.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = distribution.atOrBelow(bounds.get(i));
    }
    return counts;
  }

  /// How many values lie above the bound before, and at or below each bound.
  static long[] disjoint(Distribution distribution, List<Double> bounds) {
    var counts = cumulative(distribution, bounds);
    for (int i = counts.length - 1; i > 0; i--) {
      counts[i] -= counts[i - 1];
    }
    return counts;
  }

  private static String detail(Distribution distribution) {
    var text = new StringBuilder();
    for (var bucket : distribution.buckets()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(bucket.low())
          .append(',')
          .append(bucket.width())
          .append(':')
          .append(bucket.count());
    }
    return text.toString();
  }

  /// A number without an exponent.
  static String plain(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    return value == 0
        ? "0"
        : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }

  /// A bound with at most six digits before the exponent.
  private static String bound(double value) {
    return value < 1e6 ? plain(value) : JsonText.scientific(value);
  }
}
