package dev.weir.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import dev.weir.proto.Positions.Position;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Reads messages from files and command lines.
///
/// Every mistake is reported with the full path of its field and, in YAML and JSON, with its line
/// and column; all mistakes of a text at once. Any thread may call.
public final class WireText {
  /// An unfolded `Any` in the text format: `[type.googleapis.com/envoy.config.core.v3.Node] {`.
  private static final Pattern UNFOLDED = Pattern.compile("\\[\\s*[\\w./-]+/([\\w.]+)\\s*]");

  private WireText() {}

  /// Reads one message.
  ///
  /// @param content the file's bytes; text forms are UTF-8
  /// @param prototype any message of the wanted type
  /// @param onUnknown what is done about fields and enum values that the message does not have
  /// @throws WireException if the text is no such message
  public static <M extends Message> Parsed<M> parse(
      ByteString content, WireFormat format, M prototype, OnUnknown onUnknown)
      throws WireException {
    return format == WireFormat.PB
        ? parseBinary(content, prototype, onUnknown)
        : parse(decoded(content), format, prototype, onUnknown);
  }

  /// Reads one message from text; see [#parse(ByteString, WireFormat, Message, OnUnknown)].
  ///
  /// @param format any but [WireFormat#PB]
  public static <M extends Message> Parsed<M> parse(
      String text, WireFormat format, M prototype, OnUnknown onUnknown) throws WireException {
    var findings = new Findings(onUnknown);
    return switch (format) {
      case YAML -> parseTree(YamlText.read(text, findings), prototype, findings);
      case JSON -> parseTree(JsonText.read(text), prototype, findings);
      case PB_TEXT -> parseTextFormat(text, prototype, onUnknown);
      case PB -> throw new IllegalStateException("binary protobuf is no text");
    };
  }

  /// Lays one message over another, as `--config-yaml` over the file: messages are merged field by
  /// field, lists are appended, and any other value of `over` replaces that of `base`.
  @SuppressWarnings("unchecked") // a message's builder builds its own type
  public static <M extends Message> M merge(M base, M over) {
    return (M) base.toBuilder().mergeFrom(over).build();
  }

  private static <M extends Message> Parsed<M> parseTree(
      TextNode tree, M prototype, Findings findings) throws WireException {
    var builder = prototype.newBuilderForType();
    var positions = Positions.root(tree.at());
    new MessageReader(findings).read(tree, builder, positions);
    return finished(builder, positions, findings);
  }

  private static <M extends Message> Parsed<M> parseTextFormat(
      String text, M prototype, OnUnknown onUnknown) throws WireException {
    var builder = prototype.newBuilderForType();
    var parser =
        TextFormat.Parser.newBuilder()
            .setTypeRegistry(typesIn(text))
            .setAllowUnknownFields(onUnknown != OnUnknown.REJECT)
            .build();
    try {
      parser.merge(text, builder);
    } catch (TextFormat.ParseException e) {
      throw Findings.single(
          "not in text format: " + e.getMessage(), new Position(e.getLine(), e.getColumn()));
    }
    return finished(builder, Positions.NONE, new Findings(onUnknown));
  }

  private static TypeRegistry typesIn(String text) {
    var types = TypeRegistry.newBuilder();
    UNFOLDED
        .matcher(text)
        .results()
        .map(found -> WireTypes.prototype(found.group(1)))
        .forEach(known -> {
          if (known != null) {
            types.add(known.getDescriptorForType());
          }
        });
    return types.build();
  }

  private static <M extends Message> Parsed<M> parseBinary(
      ByteString content, M prototype, OnUnknown onUnknown) throws WireException {
    var builder = prototype.newBuilderForType();
    try {
      builder.mergeFrom(content);
    } catch (InvalidProtocolBufferException e) {
      throw Findings.single("not binary protobuf: " + e.getMessage(), Position.UNKNOWN);
    }
    var findings = new Findings(onUnknown);
    for (var unknown : UnknownFields.find(builder.buildPartial(), "")) {
      findings.unknown(Positions.NONE.locate(unknown));
    }
    return finished(builder, Positions.NONE, findings);
  }

  @SuppressWarnings("unchecked") // the builder came from M
  private static <M extends Message> Parsed<M> finished(
      Message.Builder builder, Positions positions, Findings findings) throws WireException {
    findings.refuse();
    return new Parsed<>(
        (M) builder.buildPartial(), positions, findings.warnings(), findings.unknown());
  }

  private static String decoded(ByteString content) throws WireException {
    try {
      var text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(content.toByteArray()))
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException _) {
      throw Findings.single("not UTF-8", Position.UNKNOWN);
    }
  }
}
