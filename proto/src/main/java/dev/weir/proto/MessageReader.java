package dev.weir.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Fills messages from the tree of a text, in protobuf's JSON mapping and with the liberties that
/// the reference proxy takes with it: names in camelCase and snake_case, a single value for a list
/// of one, null for a field left out. It goes on after a mistake, so that all are found.
final class MessageReader {
  private static final ConcurrentHashMap<Descriptor, Map<String, FieldDescriptor>> NAMES =
      new ConcurrentHashMap<>();

  private final Findings findings;
  private final ScalarReader scalars;
  private final WellKnownReader wellKnown;

  MessageReader(Findings findings) {
    this.findings = findings;
    scalars = new ScalarReader(findings);
    wellKnown = new WellKnownReader(findings, scalars, this);
  }

  /// Reads a value of the text as a message.
  void read(TextNode node, Message.Builder into, Positions place) {
    if (wellKnown.read(node, into, place)) {
      return;
    }
    if (node instanceof TextNode.Fields fields) {
      readFields(fields, into, place);
    } else {
      findings.error(place, "must be an object (got " + node.said() + ")");
    }
  }

  /// Reads an object's entries as the fields of a message.
  void readFields(TextNode.Fields node, Message.Builder into, Positions place) {
    var type = into.getDescriptorForType();
    var names = names(type);
    Message.Builder newer = null;
    for (var entry : node.fields()) {
      var field = names.get(entry.name());
      if (field != null) {
        readField(field, entry, into, place);
        continue;
      }
      var companion = newer == null ? companionBuilder(type) : newer;
      var newerField =
          companion == null ? null : names(companion.getDescriptorForType()).get(entry.name());
      if (newerField == null || companion == null) {
        unknownField(type, entry, place);
      } else {
        newer = companion;
        readField(newerField, entry, newer, place);
      }
    }
    if (newer != null) {
      NewerFields.store(newer.buildPartial(), into);
    }
  }

  private static Message.@Nullable Builder companionBuilder(Descriptor type) {
    var companion = NewerFields.companion(type);
    return companion == null ? null : companion.newBuilderForType();
  }

  private void unknownField(Descriptor type, TextNode.Field entry, Positions place) {
    var similar = Similar.to(entry.name(), names(type).keySet());
    var hint = similar == null ? "" : "; is " + similar + " meant?";
    findings.unknown(
        place.child(entry.name(), entry.at()), "no such field in " + type.getFullName() + hint);
  }

  private static Map<String, FieldDescriptor> names(Descriptor type) {
    var known = NAMES.get(type);
    if (known != null) {
      return known;
    }
    var names = new HashMap<String, FieldDescriptor>();
    for (var field : type.getFields()) {
      names.put(field.getJsonName(), field);
      names.put(field.getName(), field);
    }
    NAMES.put(type, names);
    return names;
  }

  private void readField(
      FieldDescriptor field, TextNode.Field entry, Message.Builder into, Positions parent) {
    var node = entry.value();
    if (node instanceof TextNode.Null && (field.isRepeated() || !isValue(field))) {
      return;
    }
    var place = parent.child(field.getName(), entry.at());
    if (field.isMapField()) {
      readMap(field, node, into, place);
    } else if (field.isRepeated()) {
      readList(field, node, into, place);
    } else if (isTaken(field, into)) {
      var other = into.getOneofFieldDescriptor(field.getContainingOneof()).getName();
      findings.error(place, "only one of it and " + other + " may be set");
    } else if (field.getJavaType() == JavaType.MESSAGE) {
      read(node, into.getFieldBuilder(field), place);
    } else {
      var value = scalars.read(field, node, place);
      if (value != null) {
        into.setField(field, value);
      }
    }
  }

  private static boolean isTaken(FieldDescriptor field, Message.Builder into) {
    var oneof = field.getRealContainingOneof();
    return oneof != null && into.hasOneof(oneof);
  }

  /// Whether null is a value of the field rather than its absence.
  private static boolean isValue(FieldDescriptor field) {
    return field.getJavaType() == JavaType.MESSAGE
        && field.getMessageType().getFullName().equals(Value.getDescriptor().getFullName());
  }

  private void readList(
      FieldDescriptor field, TextNode node, Message.Builder into, Positions place) {
    var nested =
        field.getJavaType() == JavaType.MESSAGE && WellKnown.canBeList(field.getMessageType());
    readItems(field, node, into, place, nested);
  }

  /// Lists in a list are as good as one, unless an item can be a list itself.
  private void readItems(
      FieldDescriptor field, TextNode node, Message.Builder into, Positions place, boolean nested) {
    if (!(node instanceof TextNode.Items list)) {
      readItem(field, node, into, place);
      return;
    }
    for (var item : list.items()) {
      if (item instanceof TextNode.Items && !nested) {
        readItems(field, item, into, place, false);
      } else {
        readItem(field, item, into, place);
      }
    }
  }

  private void readItem(
      FieldDescriptor field, TextNode node, Message.Builder into, Positions list) {
    var place = list.child(FieldPath.item(into.getRepeatedFieldCount(field)), node.at());
    // A mistaken item is added all the same, so that the next one has its own index.
    into.addRepeatedField(field, value(field, node, into, place));
  }

  private void readMap(
      FieldDescriptor field, TextNode node, Message.Builder into, Positions place) {
    if (!(node instanceof TextNode.Fields map)) {
      findings.error(place, "must be an object (got " + node.said() + ")");
      return;
    }
    var type = field.getMessageType();
    var keyField = type.findFieldByNumber(1);
    var valueField = type.findFieldByNumber(2);
    for (var entry : map.fields()) {
      var keyPlace = place.child(FieldPath.entry(entry.name()), entry.at());
      var key = scalars.read(keyField, new TextNode.Text(entry.name(), entry.at()), keyPlace);
      var builder = into.newBuilderForField(field);
      var value = value(valueField, entry.value(), builder, keyPlace);
      if (key != null) {
        into.addRepeatedField(
            field, builder.setField(keyField, key).setField(valueField, value).build());
      }
    }
  }

  /// An item of a list or the value of a map's entry; the default where it is null or mistaken.
  private Object value(
      FieldDescriptor field, TextNode node, Message.Builder owner, Positions place) {
    if (field.getJavaType() == JavaType.MESSAGE) {
      var builder = owner.newBuilderForField(field);
      if (!(node instanceof TextNode.Null) || isValue(field)) {
        read(node, builder, place);
      }
      return builder.buildPartial();
    }
    var value = node instanceof TextNode.Null ? null : scalars.read(field, node, place);
    return value == null ? zero(field) : value;
  }

  private static Object zero(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> 0;
      case LONG -> 0L;
      case FLOAT -> 0f;
      case DOUBLE -> 0d;
      case BOOLEAN -> false;
      case STRING -> "";
      case BYTE_STRING -> ByteString.EMPTY;
      case ENUM -> field.getEnumType().getValues().getFirst();
      case MESSAGE -> throw new IllegalStateException(field + " is a message");
    };
  }
}
