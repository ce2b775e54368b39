package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import io.netty.util.concurrent.FastThreadLocal;

/// An access log that writes lines.
final class FormattedLog implements AccessLog {
  private final EntryFilter filter;
  private final LogFormat format;
  private final LogFile file;
  private final FastThreadLocal<LogLine> lines;

  /// @param lines each worker's own line
  FormattedLog(EntryFilter filter, LogFormat format, LogFile file, FastThreadLocal<LogLine> lines) {
    this.filter = filter;
    this.format = format;
    this.file = file;
    this.lines = lines;
  }

  @Override
  public void log(ConnectionRecord record, AccessLogType type) {
    if (!filter.wants(record, type)) {
      return;
    }
    var line = lines.get();
    line.cut(0);
    format.write(record, type, line);
    file.append(line);
  }
}
