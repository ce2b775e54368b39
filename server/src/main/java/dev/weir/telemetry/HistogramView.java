package dev.weir.telemetry;

import org.jspecify.annotations.Nullable;

/// How histograms are shown (`/stats?histogram_buckets=`).
public enum HistogramView {
  /// Quantiles.
  SUMMARY,
  /// How many values lie at or below each bound.
  CUMULATIVE,
  /// How many values lie between a bound and the one before.
  DISJOINT,
  /// Every bucket that is kept, and quantiles.
  DETAILED,
  /// What a page shows if nothing is asked for: buckets for Prometheus, quantiles otherwise.
  UNSPECIFIED;

  /// Whether Prometheus can be shown histograms so.
  public boolean suitsPrometheus() {
    return this != DETAILED && this != DISJOINT;
  }

  static @Nullable HistogramView find(String text) {
    return switch (text) {
      case "summary" -> SUMMARY;
      case "cumulative" -> CUMULATIVE;
      case "disjoint" -> DISJOINT;
      case "detailed" -> DETAILED;
      case "none" -> UNSPECIFIED;
      default -> null;
    };
  }
}
