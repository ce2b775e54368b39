package dev.weir.proto;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import envoy.annotations.Deprecation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Finds the deprecated fields and enum values that a message uses. Any thread may call.
public final class DeprecatedFields {
  private static final ConcurrentHashMap<Descriptor, List<FieldDescriptor>> SUSPECTS =
      new ConcurrentHashMap<>();
  private static final MessageWalk WALK =
      new MessageWalk(type -> !suspects(type).isEmpty(), _ -> true);

  private DeprecatedFields() {}

  /// The deprecated fields that are set and the deprecated enum values that are used, also inside
  /// every `Any` of a known type. What the reference proxy would refuse is said to be so.
  ///
  /// @param rootPath what the paths begin with; may be empty
  public static List<Violation> find(Message message, String rootPath) {
    var found = new ArrayList<Violation>();
    WALK.walk(message, new FieldPath(rootPath), (inner, path) -> visit(inner, path, found));
    return List.copyOf(found);
  }

  private static void visit(Message message, FieldPath path, List<Violation> found) {
    for (var field : suspects(message.getDescriptorForType())) {
      if (!isSet(message, field)) {
        continue;
      }
      var mark = path.enter(field.getName());
      if (isDeprecated(field)) {
        var refused = field.getOptions().getExtension(Deprecation.disallowedByDefault);
        found.add(new Violation(path.toString(), "is deprecated" + refused(refused)));
      } else if (!field.isRepeated()
          && message.getField(field) instanceof EnumValueDescriptor value
          && isDeprecated(value)) {
        var refused = value.getOptions().getExtension(Deprecation.disallowedByDefaultEnum);
        found.add(
            new Violation(path.toString(), value.getName() + " is deprecated" + refused(refused)));
      }
      path.leave(mark);
    }
  }

  private static String refused(boolean refused) {
    return refused ? ", and refused by Envoy unless its runtime allows it" : "";
  }

  private static boolean isSet(Message message, FieldDescriptor field) {
    return field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : message.hasField(field);
  }

  /// The fields that are deprecated themselves, or whose enum has deprecated values.
  private static List<FieldDescriptor> suspects(Descriptor type) {
    var known = SUSPECTS.get(type);
    if (known == null) {
      known =
          type.getFields().stream()
              .filter(field -> isDeprecated(field) || hasDeprecatedValue(field))
              .toList();
      SUSPECTS.put(type, known);
    }
    return known;
  }

  private static boolean hasDeprecatedValue(FieldDescriptor field) {
    return field.getJavaType() == JavaType.ENUM
        && field.getEnumType().getValues().stream().anyMatch(DeprecatedFields::isDeprecated);
  }

  static boolean isDeprecated(FieldDescriptor field) {
    return field.getOptions().getDeprecated()
        || field.getOptions().hasExtension(Deprecation.deprecatedAtMinorVersion);
  }

  static boolean isDeprecated(EnumValueDescriptor value) {
    return value.getOptions().getDeprecated()
        || value.getOptions().hasExtension(Deprecation.deprecatedAtMinorVersionEnum);
  }
}
