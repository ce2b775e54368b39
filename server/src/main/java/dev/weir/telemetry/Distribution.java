package dev.weir.telemetry;

import java.util.ArrayList;
import java.util.List;

/// A histogram as it stood at a flush: which values there were, and how often.
///
/// @param buckets ascending; none of them empty
public record Distribution(List<Bucket> buckets) {
  /// Nothing was recorded.
  public static final Distribution EMPTY = new Distribution(List.of());

  /// The percentiles that Envoy shows.
  static final List<Double> QUANTILES =
      List.of(0.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 100.0);

  /// The upper bounds that Envoy counts up to, unless configured otherwise.
  static final List<Double> BOUNDS =
      List.of(
          0.5, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0,
          30000.0, 60000.0, 300000.0, 600000.0, 1800000.0, 3600000.0);

  public Distribution {
    buckets = List.copyOf(buckets);
  }

  /// Values that are not told apart.
  ///
  /// @param low the lowest of them
  /// @param width how many different ones there are
  /// @param count how often any of them was recorded
  public record Bucket(long low, long width, long count) {
    private double middle() {
      return low + (width - 1) / 2.0;
    }
  }

  /// Both together.
  Distribution plus(Distribution other) {
    var sum = new ArrayList<Bucket>(Math.max(buckets.size(), other.buckets.size()));
    int mine = 0;
    int theirs = 0;
    while (mine < buckets.size() && theirs < other.buckets.size()) {
      var left = buckets.get(mine);
      var right = other.buckets.get(theirs);
      if (left.low == right.low) {
        sum.add(new Bucket(left.low, left.width, left.count + right.count));
        mine++;
        theirs++;
      } else if (left.low < right.low) {
        sum.add(left);
        mine++;
      } else {
        sum.add(right);
        theirs++;
      }
    }
    sum.addAll(buckets.subList(mine, buckets.size()));
    sum.addAll(other.buckets.subList(theirs, other.buckets.size()));
    return new Distribution(sum);
  }

  /// Whether nothing was recorded.
  public boolean isEmpty() {
    return buckets.isEmpty();
  }

  /// How many values were recorded.
  public long count() {
    long count = 0;
    for (var bucket : buckets) {
      count += bucket.count;
    }
    return count;
  }

  /// The sum of all values, to five percent.
  public double sum() {
    double sum = 0;
    for (var bucket : buckets) {
      sum += bucket.middle() * bucket.count;
    }
    return sum;
  }

  /// The value that so many percent of the values do not exceed; not a number if there are none.
  ///
  /// @param percent 0–100
  public double quantile(double percent) {
    double wanted = percent / 100 * count();
    long below = 0;
    for (var bucket : buckets) {
      if (below + bucket.count >= wanted) {
        double share = (wanted - below) / bucket.count;
        return bucket.low + (bucket.width - 1) * share;
      }
      below += bucket.count;
    }
    return Double.NaN;
  }

  /// How many values lie at or below a bound.
  public long atOrBelow(double bound) {
    long count = 0;
    for (var bucket : buckets) {
      if (bucket.low <= bound) {
        count += bucket.count;
      }
    }
    return count;
  }
}
