package dev.weir.lab.bench;

/// What a scenario measures.
///
/// @param unit for people
/// @param lowerIsBetter or higher
/// @param aim what the ratio of Weir to Envoy is to be at most, or at least; NaN for none
record Metric(String name, String unit, boolean lowerIsBetter, double aim) {

  static Metric lower(String name, String unit, double aim) {
    return new Metric(name, unit, true, aim);
  }

  static Metric higher(String name, String unit, double aim) {
    return new Metric(name, unit, false, aim);
  }

  /// Something to know, of which nothing is asked.
  static Metric plain(String name, String unit) {
    return new Metric(name, unit, true, Double.NaN);
  }

  boolean hasAim() {
    return !Double.isNaN(aim);
  }

  /// Whether a ratio of Weir to Envoy is what is aimed at.
  boolean met(double ratio) {
    return lowerIsBetter ? ratio <= aim : ratio >= aim;
  }
}
