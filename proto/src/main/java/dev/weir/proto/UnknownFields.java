package dev.weir.proto;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Finds what a message carries beyond what we know of its type. Any thread may call.
public final class UnknownFields {
  // Any message can carry unknown fields, so the walk leaves nothing out.
  private static final MessageWalk WALK = new MessageWalk(_ -> true, _ -> true);
  private static final ConcurrentHashMap<Descriptor, List<FieldDescriptor>> ENUMS =
      new ConcurrentHashMap<>();

  private UnknownFields() {}

  /// Unknown field numbers and unknown enum values, also inside every `Any` of a known type. Fields
  /// that [NewerFields] knows are known.
  ///
  /// @param rootPath what the paths begin with; may be empty
  public static List<Violation> find(Message message, String rootPath) {
    var found = new ArrayList<Violation>();
    WALK.walk(
        message,
        new FieldPath(rootPath),
        (inner, path) -> {
          findFields(inner, path, found);
          findEnumValues(inner, path, found);
        });
    return List.copyOf(found);
  }

  private static void findFields(Message message, FieldPath path, List<Violation> found) {
    var unknown = message.getUnknownFields().asMap();
    // Where there is a companion the walk comes by again, with what is unknown to that as well.
    if (unknown.isEmpty() || NewerFields.of(message) != null) {
      return;
    }
    for (var number : unknown.keySet()) {
      var type = message.getDescriptorForType().getFullName();
      found.add(new Violation(path.toString(), "no such field: number " + number + " in " + type));
    }
  }

  private static void findEnumValues(Message message, FieldPath path, List<Violation> found) {
    for (var field : enums(message.getDescriptorForType())) {
      if (field.isRepeated()) {
        for (var i = 0; i < message.getRepeatedFieldCount(field); i++) {
          var value = (EnumValueDescriptor) message.getRepeatedField(field, i);
          check(field, value, field.getName() + FieldPath.item(i), path, found);
        }
      } else {
        check(field, (EnumValueDescriptor) message.getField(field), field.getName(), path, found);
      }
    }
  }

  private static void check(
      FieldDescriptor field,
      EnumValueDescriptor value,
      String step,
      FieldPath path,
      List<Violation> found) {
    if (NewerFields.nameOf(field, value) == null) {
      var mark = path.enter(step);
      found.add(new Violation(path.toString(), "unknown enum value " + value.getNumber()));
      path.leave(mark);
    }
  }

  private static List<FieldDescriptor> enums(Descriptor type) {
    var known = ENUMS.get(type);
    if (known == null) {
      known =
          type.getFields().stream().filter(field -> field.getJavaType() == JavaType.ENUM).toList();
      ENUMS.put(type, known);
    }
    return known;
  }
}
