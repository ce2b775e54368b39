package dev.weir.telemetry;

import dev.weir.xds.AccessLogObserver;

/// What is counted about logs that go to gRPC services, `access_logs.grpc_access_log.*`.
record GrpcLogStats(
    StatScope scope, Counter written, Counter dropped, Counter flushed, Counter flushFailed)
    implements AccessLogObserver, AutoCloseable {

  static GrpcLogStats of(Stats stats) {
    var scope = stats.scope("access_logs.grpc_access_log", StatFamilies.GRPC_ACCESS_LOG);
    return new GrpcLogStats(
        scope,
        scope.counter("logs_written"),
        scope.counter("logs_dropped"),
        scope.counter("grpc_entries_flushed"),
        scope.counter("grpc_entries_flush_failed"));
  }

  @Override
  public void flushed(int entries) {
    flushed.add(entries);
  }

  @Override
  public void flushFailed(int entries) {
    flushFailed.add(entries);
  }

  @Override
  public void close() {
    scope.close();
  }
}
