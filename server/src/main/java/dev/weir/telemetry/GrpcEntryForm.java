package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.xds.LogEntry;

/// What a gRPC service is told. Immutable; any worker may ask.
interface GrpcEntryForm {

  /// What there is to say now.
  LogEntry of(ConnectionRecord record, AccessLogType type);
}
