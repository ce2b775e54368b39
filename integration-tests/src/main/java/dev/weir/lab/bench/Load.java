package dev.weir.lab.bench;

/// How long a load runs.
///
/// @param warmUpMillis at the beginning, not measured: compilers and caches settle
/// @param millis measured
record Load(long warmUpMillis, long millis) {
  private static final long PEER_WARM_UP = 3_000;

  /// The same for a contender: one that is compiled already does not warm up for longer than it
  /// takes its buffers and caches.
  Load with(Contender contender) {
    boolean compiles = contender == Contender.WEIR;
    return compiles ? this : new Load(Math.min(warmUpMillis, PEER_WARM_UP), millis);
  }

  /// When the measured part begins, on [System#nanoTime].
  long begin() {
    return System.nanoTime() + warmUpMillis * 1_000_000;
  }

  double seconds() {
    return millis / 1e3;
  }
}
