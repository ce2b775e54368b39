package dev.weir.proto;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Reads the messages that have a form of their own in JSON: `Any`, durations, wrappers, structs.
/// The reference proxy takes most of them in their plain form, `{seconds: 5}`, too.
final class WellKnownReader {
  private final Findings findings;
  private final ScalarReader scalars;
  private final MessageReader messages;

  WellKnownReader(Findings findings, ScalarReader scalars, MessageReader messages) {
    this.findings = findings;
    this.scalars = scalars;
    this.messages = messages;
  }

  /// Reads the value if the message has a form of its own.
  ///
  /// @return false if it has none, and nothing was read
  boolean read(TextNode node, Message.Builder into, Positions place) {
    var type = into.getDescriptorForType();
    if (!WellKnown.isOwnPackage(type)) {
      return false;
    }
    return switch (type.getName()) {
      case "Any" -> merged(any(node, place), into);
      case "Struct" -> merged(struct(node, place), into);
      case "Value" -> merged(value(node, place), into);
      case "ListValue" -> !(node instanceof TextNode.Fields) && merged(list(node, place), into);
      case "Duration" -> !(node instanceof TextNode.Fields) && merged(duration(node, place), into);
      case "Timestamp" ->
          !(node instanceof TextNode.Fields) && merged(timestamp(node, place), into);
      case "FieldMask" ->
          !(node instanceof TextNode.Fields) && merged(fieldMask(node, place), into);
      default -> WellKnown.isWrapper(type) && wrapper(node, into, place);
    };
  }

  private static boolean merged(@Nullable Message read, Message.Builder into) {
    if (read != null) {
      into.mergeFrom(read);
    }
    return true;
  }

  private boolean wrapper(TextNode node, Message.Builder into, Positions place) {
    if (node instanceof TextNode.Fields) {
      return false;
    }
    var field = into.getDescriptorForType().findFieldByNumber(1);
    var value = scalars.read(field, node, place);
    if (value != null) {
      into.setField(field, value);
    }
    return true;
  }

  private @Nullable Duration duration(TextNode node, Positions place) {
    var text = node instanceof TextNode.Text written ? written.text() : "";
    var exact = TimeText.exactDuration(text);
    if (exact != null) {
      return exact;
    }
    var loose = TimeText.looseDuration(text);
    if (loose == null) {
      findings.error(
          place, "must be a duration in seconds, such as 1.5s (got " + node.said() + ")");
      return null;
    }
    var seconds = TimeText.text(loose);
    findings.warn(place, "'" + text + "' is read as " + seconds + ", which Envoy would not do");
    return loose;
  }

  private @Nullable Timestamp timestamp(TextNode node, Positions place) {
    var text = node instanceof TextNode.Text written ? written.text() : "";
    var timestamp = TimeText.timestamp(text);
    if (timestamp == null) {
      findings.error(
          place, "must be a time such as 2026-01-31T12:00:00Z (got " + node.said() + ")");
    }
    return timestamp;
  }

  private @Nullable FieldMask fieldMask(TextNode node, Positions place) {
    var text = scalars.text(node, place);
    if (text == null) {
      return null;
    }
    var mask = FieldMask.newBuilder();
    for (var path : text.split(",", -1)) {
      if (!path.isEmpty()) {
        mask.addPaths(snakeCase(path));
      }
    }
    return mask.build();
  }

  private static String snakeCase(String camelCase) {
    var result = new StringBuilder();
    for (var i = 0; i < camelCase.length(); i++) {
      var c = camelCase.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        result.append('_').append((char) (c + ('a' - 'A')));
      } else {
        result.append(c);
      }
    }
    return result.toString();
  }

  private @Nullable Struct struct(TextNode node, Positions place) {
    if (node instanceof TextNode.Null) {
      return null;
    }
    if (!(node instanceof TextNode.Fields fields)) {
      findings.error(place, "must be an object (got " + node.said() + ")");
      return null;
    }
    var struct = Struct.newBuilder();
    for (var field : fields.fields()) {
      var entry = place.child(FieldPath.entry(field.name()), field.at());
      struct.putFields(field.name(), value(field.value(), entry));
    }
    return struct.build();
  }

  private @Nullable ListValue list(TextNode node, Positions place) {
    if (node instanceof TextNode.Null) {
      return null;
    }
    if (!(node instanceof TextNode.Items items)) {
      findings.error(place, "must be a list (got " + node.said() + ")");
      return null;
    }
    var list = ListValue.newBuilder();
    for (var item : items.items()) {
      list.addValues(value(item, place.child(FieldPath.item(list.getValuesCount()), item.at())));
    }
    return list.build();
  }

  private Value value(TextNode node, Positions place) {
    var value = Value.newBuilder();
    switch (node) {
      case TextNode.Null _ -> value.setNullValue(NullValue.NULL_VALUE);
      case TextNode.Bool bool -> value.setBoolValue(bool.value());
      case TextNode.Numeral number -> value.setNumberValue(Double.parseDouble(number.text()));
      case TextNode.Text text -> value.setStringValue(text.text());
      case TextNode.Items items -> merged(list(items, place), value.getListValueBuilder());
      case TextNode.Fields fields -> merged(struct(fields, place), value.getStructValueBuilder());
    }
    return value.build();
  }

  private @Nullable Any any(TextNode node, Positions place) {
    if (!(node instanceof TextNode.Fields fields)) {
      findings.error(place, "must be an object (got " + node.said() + ")");
      return null;
    }
    var url = typeUrl(fields, place);
    if (url == null) {
      return null;
    }
    var prototype = WireTypes.prototype(WireTypes.nameOf(url.text()));
    if (prototype == null) {
      findings.error(place, url.at(), WireTypes.unknownType(url.text()));
      return null;
    }
    var builder = prototype.newBuilderForType();
    var content = withoutType(fields);
    if (WellKnown.isUnderValue(prototype.getDescriptorForType())) {
      readUnderValue(content, builder, place);
    } else {
      messages.readFields(content, builder, place);
    }
    return Any.newBuilder()
        .setTypeUrl(url.text())
        .setValue(builder.buildPartial().toByteString())
        .build();
  }

  private TextNode.@Nullable Text typeUrl(TextNode.Fields fields, Positions place) {
    TextNode found = null;
    for (var field : fields.fields()) {
      if (field.name().equals("@type")) {
        found = field.value();
      }
    }
    if (found == null && fields.fields().isEmpty()) {
      return null; // an empty Any, which is what the reference proxy makes of it
    }
    if (found instanceof TextNode.Text url) {
      if (url.text().indexOf('/') > 0) {
        return url;
      }
      findings.error(place, url.at(), "@type must be HOST/TYPE (got '" + url.text() + "')");
    } else {
      findings.error(
          place,
          "@type "
              + (found == null ? "is missing" : "must be a string (got " + found.said() + ")"));
    }
    return null;
  }

  private static TextNode.Fields withoutType(TextNode.Fields fields) {
    var rest = new ArrayList<>(fields.fields());
    rest.removeIf(field -> field.name().equals("@type"));
    return new TextNode.Fields(rest, fields.at());
  }

  private void readUnderValue(TextNode.Fields content, Message.Builder into, Positions place) {
    for (var field : content.fields()) {
      var inside = place.child(field.name(), field.at());
      if (!field.name().equals("value")) {
        findings.error(inside, "beside @type, this type has but a value");
      } else if (isNullable(into) || !(field.value() instanceof TextNode.Null)) {
        messages.read(field.value(), into, inside);
      }
    }
  }

  private static boolean isNullable(Message.Builder into) {
    return into.getDescriptorForType().getName().equals("Value");
  }
}
