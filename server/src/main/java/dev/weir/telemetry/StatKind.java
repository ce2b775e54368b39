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
