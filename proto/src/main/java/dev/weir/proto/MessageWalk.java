package dev.weir.proto;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Visits a message and those inside it: fields, items, entries of maps, the content of every `Any`
/// of a known type, and the fields that are newer than the API jar. It turns aside from whatever
/// cannot hold a message of interest; for that it learns each type once.
final class MessageWalk {
  /// Looks at one message. The path is that of the message; what the visitor adds it takes away
  /// again.
  @FunctionalInterface
  interface Visitor {
    void visit(Message message, FieldPath path);
  }

  private final Predicate<Descriptor> ofInterest;
  private final Predicate<FieldDescriptor> followed;
  private final ConcurrentHashMap<Descriptor, List<FieldDescriptor>> ways =
      new ConcurrentHashMap<>();

  /// @param ofInterest the types that the visitor wants to see; it is shown others, too
  /// @param followed the fields that may be gone into
  MessageWalk(Predicate<Descriptor> ofInterest, Predicate<FieldDescriptor> followed) {
    this.ofInterest = ofInterest;
    this.followed = followed;
  }

  /// Visits the message, then what is inside it, in the order of the fields' declaration.
  void walk(Message message, FieldPath path, Visitor visitor) {
    visitor.visit(message, path);
    if (message instanceof Any any) {
      walkInto(any, path, visitor);
      return;
    }
    for (var field : ways(message.getDescriptorForType())) {
      if (field.isRepeated()) {
        walkItems(message, field, path, visitor);
      } else if (message.hasField(field)) {
        var mark = path.enter(field.getName());
        walk((Message) message.getField(field), path, visitor);
        path.leave(mark);
      }
    }
    var newer = NewerFields.of(message);
    if (newer != null) {
      walk(newer, path, visitor);
    }
  }

  /// The path of what an `Any` holds is that of the `Any`.
  private void walkInto(Any any, FieldPath path, Visitor visitor) {
    if (WireTypes.prototypeOf(any) == null) {
      return;
    }
    try {
      walk(WireTypes.unpack(any), path, visitor);
    } catch (InvalidProtocolBufferException _) {
      // Whoever decodes it will say so.
    }
  }

  private void walkItems(Message message, FieldDescriptor field, FieldPath path, Visitor visitor) {
    var count = message.getRepeatedFieldCount(field);
    if (count == 0) {
      return;
    }
    var mark = path.enter(field.getName());
    for (var i = 0; i < count; i++) {
      var item = (Message) message.getRepeatedField(field, i);
      var inside = field.isMapField() ? path.enter(entry(item)) : path.enterItem(i);
      walk(field.isMapField() ? valueOf(item) : item, path, visitor);
      path.leave(inside);
    }
    path.leave(mark);
  }

  /// The step into an entry of a map, which is a message of key and value.
  static String entry(MessageOrBuilder entry) {
    return FieldPath.entry(entry.getField(entry.getDescriptorForType().findFieldByNumber(1)));
  }

  private static Message valueOf(Message entry) {
    return (Message) entry.getField(entry.getDescriptorForType().findFieldByNumber(2));
  }

  private List<FieldDescriptor> ways(Descriptor type) {
    var known = ways.get(type);
    if (known == null) {
      known = type.getFields().stream().filter(this::leadsOn).toList();
      ways.put(type, known);
    }
    return known;
  }

  /// Whether a message of interest can lie below the field.
  private boolean leadsOn(FieldDescriptor field) {
    var seen = new HashSet<Descriptor>();
    var ahead = new ArrayDeque<FieldDescriptor>(List.of(field));
    while (!ahead.isEmpty()) {
      var next = valueField(ahead.pop());
      if (next.getJavaType() != JavaType.MESSAGE || !followed.test(next)) {
        continue;
      }
      var type = next.getMessageType();
      if (type.equals(Any.getDescriptor()) || ofInterest.test(type)) {
        return true;
      }
      if (seen.add(type)) {
        ahead.addAll(type.getFields());
      }
    }
    return false;
  }

  /// The field itself, or the value of a map's entries.
  private static FieldDescriptor valueField(FieldDescriptor field) {
    return field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
  }
}
