package dev.weir.admin;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weir.proto.WireTypes;
import java.util.List;

/// Keeps those parts of a message that a mask names. The mask goes through lists, of whose elements
/// each is cut, and through `Any`, so that a listener inside a dump can be cut as well.
final class MaskDump {
  private MaskDump() {}

  /// Whether the message has at least one field of the mask.
  static boolean fits(Message message, FieldPaths mask) {
    return mask.below().keySet().stream()
        .anyMatch(name -> message.getDescriptorForType().findFieldByName(name) != null);
  }

  static Message cut(Message message, FieldPaths mask) {
    if (mask.isWhole()) {
      return message;
    }
    if (message instanceof Any any) {
      return cutInside(any, mask);
    }
    var builder = message.newBuilderForType();
    for (var field : message.getAllFields().entrySet()) {
      var below = mask.below().get(field.getKey().getName());
      if (below != null) {
        builder.setField(field.getKey(), cutValue(field.getValue(), below));
      }
    }
    return builder.build();
  }

  private static Any cutInside(Any any, FieldPaths mask) {
    try {
      var inside = cut(WireTypes.unpack(any), mask);
      return any.toBuilder().setValue(inside.toByteString()).build();
    } catch (InvalidProtocolBufferException _) {
      return any; // of a type that we do not know: whole, rather than not at all
    }
  }

  private static Object cutValue(Object value, FieldPaths mask) {
    return switch (value) {
      case Message message -> cut(message, mask);
      case List<?> list -> list.stream().map(element -> cutValue(element, mask)).toList();
      default -> value;
    };
  }
}
