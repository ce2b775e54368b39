package dev.weir.proto;

import com.google.protobuf.Descriptors.Descriptor;

/// Which of `google.protobuf`'s messages have a form of their own in JSON.
final class WellKnown {
  private WellKnown() {}

  static boolean isOwnPackage(Descriptor type) {
    return type.getFile().getPackage().equals("google.protobuf");
  }

  /// Whether the message only makes a plain value optional.
  static boolean isWrapper(Descriptor type) {
    return type.getFile().getFullName().equals("google/protobuf/wrappers.proto");
  }

  /// Whether an `Any` of this type has it under `value`, not among its own entries.
  static boolean isUnderValue(Descriptor type) {
    return isOwnPackage(type)
        && switch (type.getName()) {
          case "Any", "Duration", "Timestamp", "FieldMask", "Struct", "Value", "ListValue" -> true;
          default -> isWrapper(type);
        };
  }

  /// Whether the message is, or can be, a list in JSON.
  static boolean canBeList(Descriptor type) {
    return isOwnPackage(type)
        && (type.getName().equals("Value") || type.getName().equals("ListValue"));
  }
}
