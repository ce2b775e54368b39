package dev.weir.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import java.util.List;
import udpa.annotations.Sensitive;

/// Values as messages to people show them.
final class Shown {
  private static final int MAX_LENGTH = 100;

  private Shown() {}

  /// Whether the field's content must not be shown.
  static boolean isSecret(FieldDescriptor field) {
    return field.getOptions().getExtension(Sensitive.sensitive)
        || field.getOptions().getExtension(xds.annotations.v3.Sensitive.sensitive);
  }

  /// A field's value.
  ///
  /// @param unsigned how an integer is to be taken
  static String value(Object value, boolean unsigned) {
    return switch (value) {
      case String text -> "'" + shortened(text) + "'";
      case ByteString bytes -> bytes.size() + " bytes";
      case EnumValueDescriptor one ->
          one.getIndex() < 0 ? Integer.toString(one.getNumber()) : one.getName();
      case Duration duration -> TimeText.text(duration);
      case Timestamp time when Timestamps.isValid(time) -> Timestamps.toString(time);
      case List<?> list -> Integer.toString(list.size());
      case Message message -> message.getDescriptorForType().getName();
      default -> plain(value, unsigned);
    };
  }

  /// A number, a boolean or a string as it is.
  static String plain(Object value, boolean unsigned) {
    return switch (value) {
      case Integer number when unsigned -> Integer.toUnsignedString(number);
      case Long number when unsigned -> Long.toUnsignedString(number);
      default -> String.valueOf(value);
    };
  }

  private static String shortened(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
  }
}
