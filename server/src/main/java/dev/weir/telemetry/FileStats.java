package dev.weir.telemetry;

/// What is counted about log files, `filesystem.*`.
record FileStats(
    Counter buffered,
    Counter completed,
    Counter dropped,
    Counter failed,
    Counter flushedByTimer,
    Counter reopenFailed,
    Gauge totalBuffered) {

  static FileStats of(StatScope scope) {
    return new FileStats(
        scope.counter("write_buffered"),
        scope.counter("write_completed"),
        scope.counter("write_dropped"),
        scope.counter("write_failed"),
        scope.counter("flushed_by_timer"),
        scope.counter("reopen_failed"),
        scope.gauge("write_total_buffered"));
  }
}
