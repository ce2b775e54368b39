package dev.weir.lab.bench;

/// How long a load runs.
///
/// @param warmUpMillis at the beginning, not measured: compilers and caches settle
/// @param millis measured
record Load(long warmUpMillis, long millis) {

  /// When the measured part begins, on [System#nanoTime].
  long begin() {
    return System.nanoTime() + warmUpMillis * 1_000_000;
  }

  double seconds() {
    return millis / 1e3;
  }
}
