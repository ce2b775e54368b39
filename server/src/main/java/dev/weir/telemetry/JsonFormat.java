package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.LogLayout.Value;
import dev.weir.config.LogTemplate;
import dev.weir.config.LogTemplate.Part;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SequencedMap;

/// A JSON object with facts in it, as a tree of writers.
final class JsonFormat implements LogFormat {
  private static final byte[] NULL = bytes("null");

  private final Node root;
  private final boolean omitEmpty;

  JsonFormat(Value.Struct root, boolean omitEmpty) {
    this.omitEmpty = omitEmpty;
    this.root = object(root.fields());
  }

  /// Writes a value.
  private interface Node {
    /// Whether there is something to show; if not, and empty values are omitted, what was written
    /// is taken back.
    boolean write(ConnectionRecord record, AccessLogType type, LogLine line);
  }

  @Override
  public void write(ConnectionRecord record, AccessLogType type, LogLine line) {
    root.write(record, type, line);
    line.ascii('\n');
  }

  private Node node(Value value) {
    return switch (value) {
      case Value.Struct(var fields) -> object(fields);
      case Value.Sequence(var values) -> array(values);
      case Value.Template(var template) -> template(template);
      case Value.Numeric(var number) -> constant(bytes(JsonText.number(number)));
      case Value.Bool(var truth) -> constant(bytes(Boolean.toString(truth)));
      case Value.Null() ->
          (_, _, line) -> {
            line.raw(NULL);
            return false;
          };
    };
  }

  private Node object(SequencedMap<String, Value> fields) {
    var keys = new byte[fields.size()][];
    var values = new Node[fields.size()];
    int next = 0;
    for (var field : fields.entrySet()) {
      keys[next] = key(field.getKey());
      values[next++] = node(field.getValue());
    }
    return (record, type, line) -> {
      line.ascii('{');
      boolean empty = true;
      for (int i = 0; i < keys.length; i++) {
        int from = line.length();
        if (!empty) {
          line.ascii(',');
        }
        line.raw(keys[i]);
        if (values[i].write(record, type, line) || !omitEmpty) {
          empty = false;
        } else {
          line.cut(from);
        }
      }
      line.ascii('}');
      return !empty;
    };
  }

  private Node array(List<Value> elements) {
    var values = elements.stream().map(this::node).toArray(Node[]::new);
    return (record, type, line) -> {
      line.ascii('[');
      boolean empty = true;
      for (var value : values) {
        int from = line.length();
        if (!empty) {
          line.ascii(',');
        }
        if (value.write(record, type, line) || !omitEmpty) {
          empty = false;
        } else {
          line.cut(from);
        }
      }
      line.ascii(']');
      return true;
    };
  }

  private Node template(LogTemplate template) {
    var parts = template.parts();
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Command command) {
      return typed(Facts.of(command), command.maxLength());
    }
    var text = new TextFormat(template, omitEmpty);
    return (record, type, line) -> {
      line.ascii('"');
      int from = line.length();
      text.write(record, type, line);
      line.escape(from);
      line.ascii('"');
      return true;
    };
  }

  /// A single operator: a number stays a number, and what is absent is null.
  private static Node typed(Fact fact, int maxLength) {
    return (record, type, line) -> {
      int from = line.length();
      line.ascii('"');
      var kind = fact.write(record, type, line);
      switch (kind) {
        case ABSENT -> {
          line.cut(from);
          line.raw(NULL);
        }
        case LITERAL -> line.remove(from, from + 1);
        case TEXT -> {
          line.limit(from + 1, maxLength);
          line.escape(from + 1);
          line.ascii('"');
        }
      }
      return kind != FactKind.ABSENT;
    };
  }

  private static Node constant(byte[] text) {
    return (_, _, line) -> {
      line.raw(text);
      return true;
    };
  }

  private static byte[] key(String name) {
    var line = new LogLine();
    JsonText.string(name, line);
    line.ascii(':');
    return bytes(line.toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
