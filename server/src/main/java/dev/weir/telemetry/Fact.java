package dev.weir.telemetry;

import dev.weir.config.AccessLogType;

/// A compiled operator. Immutable; any worker may use it on its own records and lines.
@FunctionalInterface
interface Fact {

  /// Writes the fact, raw and in full; on [FactKind#ABSENT] whatever was written is taken back.
  FactKind write(ConnectionRecord record, AccessLogType type, LogLine line);
}
