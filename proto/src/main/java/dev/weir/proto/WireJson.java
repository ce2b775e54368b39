package dev.weir.proto;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;

/// Writes messages as the admin interface shows them: proto field names, defaults left out, every
/// `Any` unfolded, secrets hidden. Any thread may call.
public final class WireJson {
  /// How the JSON is laid out.
  public enum Layout {
    /// One field per line, indented by one space.
    PRETTY,
    /// All on one line.
    COMPACT
  }

  private WireJson() {}

  /// Writes the message as one JSON value, without a line break after it.
  public static void write(Message message, Layout layout, Appendable out) throws IOException {
    var printer = JsonFormat.printer().preservingProtoFieldNames();
    (layout == Layout.COMPACT ? printer.omittingInsignificantWhitespace() : printer)
        .appendTo(message, out);
  }
}
