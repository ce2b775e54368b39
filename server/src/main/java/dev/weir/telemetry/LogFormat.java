package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.LogLayout;

/// A compiled layout. Immutable; any worker may use it on its own records and lines, and allocates
/// nothing but, seldom, a longer buffer.
sealed interface LogFormat permits TextFormat, JsonFormat {

  /// Compiles a layout.
  static LogFormat of(LogLayout layout) {
    return switch (layout) {
      case LogLayout.Text(var template, var omitEmpty) -> new TextFormat(template, omitEmpty);
      case LogLayout.Json(var root, var omitEmpty) -> new JsonFormat(root, omitEmpty);
    };
  }

  /// Writes the whole entry behind whatever the line has already.
  void write(ConnectionRecord record, AccessLogType type, LogLine line);
}
