package dev.weir.telemetry;

import dev.weir.config.AccessLogType;

/// One live access log. Immutable; any worker may log.
interface AccessLog {

  /// Writes an entry. Never blocks: what there is no room for is counted and dropped.
  void log(ConnectionRecord record, AccessLogType type);
}
