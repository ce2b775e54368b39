package dev.weir.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;

/// The statistics that a kind of thing has, used or not. `/stats` shows a family's names with zeros
/// although nothing was allocated for them.
///
/// Names are those after the scope's prefix, with dots where there are further levels:
/// `circuit_breakers.default.cx_open`.
public record StatFamily(Map<String, StatKind> names) {
  public StatFamily {
    names = Map.copyOf(names);
  }

  /// A family of these counters and nothing else.
  public static StatFamily counters(String... names) {
    return new StatFamily(Map.of()).with(StatKind.COUNTER, names);
  }

  /// A family of these gauges and nothing else.
  public static StatFamily gauges(String... names) {
    return new StatFamily(Map.of()).with(StatKind.GAUGE, names);
  }

  /// This family and these gauges.
  public StatFamily andGauges(String... names) {
    return with(StatKind.GAUGE, names);
  }

  /// This family and these histograms.
  public StatFamily andHistograms(String... names) {
    return with(StatKind.HISTOGRAM, names);
  }

  /// This family and these texts.
  public StatFamily andTexts(String... names) {
    return with(StatKind.TEXT, names);
  }

  /// This family and another.
  public StatFamily and(StatFamily other) {
    var all = new LinkedHashMap<>(names);
    all.putAll(other.names);
    return new StatFamily(all);
  }

  private StatFamily with(StatKind kind, String... more) {
    var all = new LinkedHashMap<>(names);
    for (var name : more) all.put(name, kind);
    return new StatFamily(all);
  }
}
