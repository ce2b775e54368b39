package dev.weir.telemetry;

/// One statistic. Any thread may read and write it.
public sealed interface Stat permits Counter, Gauge, Histogram, TextReadout {

  /// Whether anything was ever recorded; what `/stats?usedonly` asks.
  boolean used();
}
