package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.LogLayout;
import dev.weir.config.LogTemplate;
import io.netty.util.concurrent.FastThreadLocal;

/// A template with access log operators that is filled in for something else than a log: the value
/// of a header, the body of a reply. Immutable; any worker may fill it in for its own records.
public final class FilledTemplate {
  private static final FastThreadLocal<LogLine> LINES =
      new FastThreadLocal<>() {
        @Override
        protected LogLine initialValue() {
          return new LogLine();
        }
      };

  private final LogFormat format;
  private final boolean header;

  private FilledTemplate(LogFormat format, boolean header) {
    this.format = format;
    this.header = header;
  }

  /// A header's value, a character for each byte; what is absent is empty.
  public static FilledTemplate header(LogTemplate template) {
    return new FilledTemplate(new TextFormat(template, true), true);
  }

  /// A text as a log would have it; what is absent is a `-`.
  public static FilledTemplate text(LogTemplate template) {
    return new FilledTemplate(new TextFormat(template, false), false);
  }

  /// A body, in any layout.
  public static FilledTemplate body(LogLayout layout) {
    return new FilledTemplate(LogFormat.of(layout), false);
  }

  /// The text for one record.
  public String fill(ConnectionRecord record) {
    var line = LINES.get();
    line.cut(0);
    format.write(record, AccessLogType.NOT_SET, line);
    return header ? line.characters() : line.toString();
  }
}
