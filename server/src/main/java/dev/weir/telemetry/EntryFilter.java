package dev.weir.telemetry;

import dev.weir.config.AccessLogType;

/// A compiled access log filter. Immutable; any worker may ask.
@FunctionalInterface
interface EntryFilter {

  /// Whether an entry is to be written.
  boolean wants(ConnectionRecord record, AccessLogType type);
}
