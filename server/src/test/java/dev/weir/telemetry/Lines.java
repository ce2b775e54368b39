package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.Field;
import dev.weir.config.LogLayout;
import dev.weir.config.LogLayout.Value;
import dev.weir.config.LogTemplate;
import dev.weir.xds.InvalidResourceException;
import java.util.LinkedHashMap;

/// Lines made of layouts, for tests.
final class Lines {
  private Lines() {}

  static String text(String format, ConnectionRecord record) throws InvalidResourceException {
    return write(new LogLayout.Text(LogTemplate.parse(format, Field.root("f")), false), record);
  }

  /// The value that a JSON layout has for one format.
  static String json(String format, ConnectionRecord record) throws InvalidResourceException {
    String line = write(new LogLayout.Json(struct("k", template(format)), false), record);
    return line.substring("{\"k\":".length(), line.length() - "}\n".length());
  }

  static String write(LogLayout layout, ConnectionRecord record) {
    var line = new LogLine();
    LogFormat.of(layout).write(record, AccessLogType.TCP_CONNECTION_END, line);
    return line.toString();
  }

  static Value template(String format) throws InvalidResourceException {
    return new Value.Template(LogTemplate.parse(format, Field.root("f")));
  }

  static Value.Struct struct(String key, Value value) {
    var fields = new LinkedHashMap<String, Value>();
    fields.put(key, value);
    return new Value.Struct(fields);
  }
}
