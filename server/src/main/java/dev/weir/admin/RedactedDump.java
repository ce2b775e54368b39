package dev.weir.admin;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weir.proto.WireTypes;
import udpa.annotations.Sensitive;

/// Messages without what the API calls sensitive, such as private keys: their texts and bytes read
/// `[redacted]`, wherever they stand.
final class RedactedDump {
  private static final String REDACTED = "[redacted]";

  private RedactedDump() {}

  /// The same message, fit to be shown.
  static Message of(Message message) {
    return redact(message, false);
  }

  private static Message redact(Message message, boolean sensitive) {
    if (message instanceof Any any) {
      return packed(any, sensitive);
    }
    Message.Builder copy = null;
    for (var entry : message.getAllFields().entrySet()) {
      var field = entry.getKey();
      boolean hide = sensitive || field.getOptions().getExtension(Sensitive.sensitive);
      if (!hide && field.getJavaType() != JavaType.MESSAGE) {
        continue;
      }
      copy = copy == null ? message.toBuilder() : copy;
      if (field.isRepeated()) {
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
          copy.setRepeatedField(field, i, value(field, message.getRepeatedField(field, i), hide));
        }
      } else {
        copy.setField(field, value(field, entry.getValue(), hide));
      }
    }
    return copy == null ? message : copy.build();
  }

  private static Object value(FieldDescriptor field, Object value, boolean hide) {
    return switch (field.getJavaType()) {
      case MESSAGE -> redact((Message) value, hide);
      case STRING -> hide ? REDACTED : value;
      case BYTE_STRING -> hide ? ByteString.copyFromUtf8(REDACTED) : value;
      default -> value;
    };
  }

  private static Any packed(Any any, boolean sensitive) {
    var prototype = WireTypes.prototypeOf(any);
    if (prototype == null) {
      return any;
    }
    try {
      var inside = prototype.getParserForType().parseFrom(any.getValue());
      return any.toBuilder().setValue(redact(inside, sensitive).toByteString()).build();
    } catch (InvalidProtocolBufferException _) {
      return any; // it was shown as it is before, too
    }
  }
}
