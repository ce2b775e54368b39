package dev.weir.telemetry;

/// What a statistic is; what `/stats?type=` asks for.
public enum StatKind {
  COUNTER,
  GAUGE,
  HISTOGRAM,
  TEXT;

  private static final Counter ZERO_COUNTER = new Counter();
  private static final Gauge ZERO_GAUGE = new Gauge(null);
  private static final Histogram ZERO_HISTOGRAM = new Histogram();
  private static final TextReadout ZERO_TEXT = new TextReadout();

  /// The kind of a statistic.
  static StatKind of(Stat stat) {
    return switch (stat) {
      case Counter _ -> COUNTER;
      case Gauge _ -> GAUGE;
      case Histogram _ -> HISTOGRAM;
      case TextReadout _ -> TEXT;
    };
  }

  /// What is shown for a name that was never counted.
  Stat zero() {
    return switch (this) {
      case COUNTER -> ZERO_COUNTER;
      case GAUGE -> ZERO_GAUGE;
      case HISTOGRAM -> ZERO_HISTOGRAM;
      case TEXT -> ZERO_TEXT;
    };
  }
}
