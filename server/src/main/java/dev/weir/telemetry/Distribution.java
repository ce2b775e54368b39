package dev.weir.telemetry;

import java.util.Arrays;
import org.HdrHistogram.AbstractHistogram;

/// A histogram as it stood at a flush: Envoy's quantiles, and how many values lie at or below each
/// of its bucket bounds.
public final class Distribution {
  /// Nothing was recorded.
  public static final Distribution EMPTY = new Distribution(new double[0], new long[0], 0, 0);

  private static final double[] QUANTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100};
  private static final double[] BOUNDS = {
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000,
    1800000, 3600000
  };

  private final double[] values;
  private final long[] buckets;
  private final long count;
  private final double sum;

  private Distribution(double[] values, long[] buckets, long count, double sum) {
    this.values = values;
    this.buckets = buckets;
    this.count = count;
    this.sum = sum;
  }

  static Distribution of(AbstractHistogram source) {
    var values = new double[QUANTILES.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = source.getValueAtPercentile(QUANTILES[i]);
    }
    var buckets = new long[BOUNDS.length];
    double sum = 0;
    for (var step : source.recordedValues()) {
      long value = step.getValueIteratedTo();
      sum += (double) value * step.getCountAtValueIteratedTo();
      int first = Arrays.binarySearch(BOUNDS, (double) value);
      for (int i = first < 0 ? -first - 1 : first; i < buckets.length; i++) {
        buckets[i] += step.getCountAtValueIteratedTo();
      }
    }
    return new Distribution(values, buckets, source.getTotalCount(), sum);
  }

  /// The percentiles that are shown, ascending from 0 to 100.
  public static double[] quantiles() {
    return QUANTILES.clone();
  }

  /// The buckets' upper bounds, ascending, without the infinite one.
  public static double[] bounds() {
    return BOUNDS.clone();
  }

  /// How many values were recorded.
  public long count() {
    return count;
  }

  /// The sum of all values, to one percent.
  public double sum() {
    return sum;
  }

  /// The value at a quantile, by the quantile's index.
  public double value(int quantile) {
    return values[quantile];
  }

  /// How many values lie at or below a bound, by the bound's index.
  public long atOrBelow(int bound) {
    return buckets[bound];
  }
}
