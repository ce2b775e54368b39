package dev.weir.telemetry;

import io.netty.util.concurrent.FastThreadLocal;

/// A file of events, one on each line, written the way that access logs are. Any thread.
public final class EventFile {
  private final LogFile file;
  private final FastThreadLocal<LogLine> lines;

  EventFile(LogFile file, FastThreadLocal<LogLine> lines) {
    this.file = file;
    this.lines = lines;
  }

  /// Appends an event; never waits.
  ///
  /// @param event without a line break
  public void append(String event) {
    var line = lines.get();
    line.cut(0);
    line.text(event).ascii('\n');
    file.append(line);
  }
}
