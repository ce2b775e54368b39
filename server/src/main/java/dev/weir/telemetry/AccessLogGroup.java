package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import java.util.List;

/// The live access logs of one listener or filter. Immutable; any worker may log.
public final class AccessLogGroup {
  /// Logs nothing.
  public static final AccessLogGroup NONE = new AccessLogGroup(List.of());

  private final AccessLog[] logs;

  AccessLogGroup(List<AccessLog> logs) {
    this.logs = logs.toArray(AccessLog[]::new);
  }

  /// Writes an entry to each log whose filter lets it through.
  void log(ConnectionRecord record, AccessLogType type) {
    for (var log : logs) {
      log.log(record, type);
    }
  }

  /// Whether there is no log at all.
  public boolean isEmpty() {
    return logs.length == 0;
  }
}
