package dev.weir.proto;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;

/// Writes messages as the admin interface shows them, in protobuf's JSON mapping: proto field
/// names, every `Any` unfolded, newer fields by their names, and `[redacted]` for what is marked as
/// a secret. Unknown fields are left out. Any thread may call.
///
/// (protobuf's own `JsonFormat` gives up at the first `Any` of an unknown type, and hides nothing.)
public final class WireJson {
  /// How the JSON is laid out.
  public enum Layout {
    /// One field per line, indented by one space.
    PRETTY,
    /// All on one line.
    COMPACT
  }

  /// Which fields are written.
  public enum Defaults {
    /// Those that are set.
    OMIT,
    /// Also numbers, strings and the like that have their default, and empty lists.
    WRITE
  }

  private WireJson() {}

  /// Writes the message as one JSON value, without a line break after it; fields with their default
  /// are left out.
  public static void write(Message message, Layout layout, Writer out) throws IOException {
    write(message, layout, Defaults.OMIT, out);
  }

  /// Writes the message as one JSON value, without a line break after it. Does not close the
  /// writer.
  public static void write(Message message, Layout layout, Defaults defaults, Writer out)
      throws IOException {
    var json = new JsonWriter(out);
    json.setIndent(layout == Layout.PRETTY ? " " : "");
    json.setHtmlSafe(false);
    new JsonPrinter(json, defaults).print(message);
    json.flush();
  }

  /// The message as one JSON value.
  public static String text(Message message, Layout layout) {
    var text = new StringWriter();
    try {
      write(message, layout, text);
    } catch (IOException e) {
      throw new IllegalStateException("a string takes whatever is written", e);
    }
    return text.toString();
  }
}
