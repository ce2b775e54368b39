package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.LogLayout;

/// Text with facts of a connection in it, laid out as a log entry is, for others than logs. Any
/// worker.
public final class RecordText {
  private final LogFormat format;

  /// Compiles a layout.
  public RecordText(LogLayout layout) {
    this.format = LogFormat.of(layout);
  }

  /// The text as of now.
  public String of(ConnectionRecord record) {
    var line = new LogLine();
    format.write(record, AccessLogType.NOT_SET, line);
    return line.toString();
  }
}
