package dev.weir.proto;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.protobuf.util.Timestamps;
import dev.weir.proto.WireJson.Defaults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes one message to one [JsonWriter]; see [WireJson].
///
/// `secret`, wherever it is passed, says that strings and bytes are to be hidden and other values
/// to be left out: it holds for all that lies inside a field that is marked as one.
final class JsonPrinter {
  private static final String REDACTED = "[redacted]";

  private final JsonWriter out;
  private final Defaults defaults;

  JsonPrinter(JsonWriter out, Defaults defaults) {
    this.out = out;
    this.defaults = defaults;
  }

  void print(Message message) throws IOException {
    message(message, false);
  }

  private void message(Message message, boolean secret) throws IOException {
    switch (message) {
      case Any any -> any(any, secret);
      case Struct struct -> struct(struct, secret);
      case ListValue list -> list(list, secret);
      case Value value -> value(value, secret);
      case Duration duration -> out.value(TimeText.text(duration));
      case Timestamp time when Timestamps.isValid(time) -> out.value(Timestamps.toString(time));
      case FieldMask mask -> out.value(FieldMaskUtil.toJsonString(mask));
      case Message wrapper when WellKnown.isWrapper(wrapper.getDescriptorForType()) -> {
        var field = wrapper.getDescriptorForType().findFieldByNumber(1);
        single(field, wrapper.getField(field), secret);
      }
      default -> {
        out.beginObject();
        fields(message, secret);
        out.endObject();
      }
    }
  }

  /// The fields by their numbers, the newer ones after them.
  private void fields(Message message, boolean secret) throws IOException {
    for (var entry : written(message).entrySet()) {
      field(entry.getKey(), entry.getValue(), secret);
    }
    var newer = newer(message);
    if (newer != null) {
      for (var entry : written(newer).entrySet()) {
        var number = entry.getKey().getNumber();
        if (message.getDescriptorForType().findFieldByNumber(number) == null) {
          field(entry.getKey(), entry.getValue(), secret);
        }
      }
    }
  }

  private @Nullable Message newer(Message message) {
    var newer = NewerFields.of(message);
    return newer == null && defaults == Defaults.WRITE
        ? NewerFields.companion(message.getDescriptorForType())
        : newer;
  }

  private SortedMap<FieldDescriptor, Object> written(Message message) {
    var fields = new TreeMap<>(message.getAllFields());
    if (defaults == Defaults.WRITE) {
      for (var field : message.getDescriptorForType().getFields()) {
        if (field.isRepeated() || !field.hasPresence()) {
          fields.putIfAbsent(field, message.getField(field));
        }
      }
    }
    return fields;
  }

  private void field(FieldDescriptor field, Object value, boolean insideSecret) throws IOException {
    var secret = insideSecret || Shown.isSecret(field);
    if (!secret || isHideable(field)) {
      out.name(field.getName());
      content(field, value, secret);
    }
  }

  /// Whether something can be written in the field's place that tells nothing of its value.
  private static boolean isHideable(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case STRING, BYTE_STRING, MESSAGE -> true;
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN, ENUM -> false;
    };
  }

  private void content(FieldDescriptor field, Object value, boolean secret) throws IOException {
    if (field.isMapField()) {
      out.beginObject();
      for (var entry : (List<?>) value) {
        entry((Message) entry, secret);
      }
      out.endObject();
    } else if (field.isRepeated()) {
      out.beginArray();
      for (var item : (List<?>) value) {
        single(field, item, secret);
      }
      out.endArray();
    } else {
      single(field, value, secret);
    }
  }

  private void entry(Message entry, boolean secret) throws IOException {
    var type = entry.getDescriptorForType();
    var key = type.findFieldByNumber(1);
    var value = type.findFieldByNumber(2);
    if (!secret || isHideable(value)) {
      out.name(Shown.plain(entry.getField(key), isUnsigned(key)));
      single(value, entry.getField(value), secret);
    }
  }

  private void single(FieldDescriptor field, Object value, boolean secret) throws IOException {
    switch (value) {
      case Message message -> message(message, secret);
      case String text -> out.value(secret ? REDACTED : text);
      case ByteString bytes -> out.value(base64(secret ? bytesOf(REDACTED) : bytes));
      case EnumValueDescriptor one -> enumValue(field, one);
      case Boolean bool -> out.value(bool);
      case Integer number -> out.jsonValue(Shown.plain(number, isUnsigned(field)));
      case Long number -> out.value(Shown.plain(number, isUnsigned(field)));
      case Float number -> number(number, NumberText.of(number));
      case Double number -> number(number, NumberText.of(number));
      default -> throw new IllegalStateException("no field's value: " + value.getClass());
    }
  }

  private void enumValue(FieldDescriptor field, EnumValueDescriptor value) throws IOException {
    var name = NewerFields.nameOf(field, value);
    if (value.getType().equals(NullValue.getDescriptor())) {
      out.nullValue();
    } else if (name == null) {
      out.value(value.getNumber());
    } else {
      out.value(name);
    }
  }

  /// JSON has no numbers for these three, so they are strings.
  private void number(double number, String text) throws IOException {
    if (Double.isFinite(number)) {
      out.jsonValue(text);
    } else {
      out.value(text);
    }
  }

  private static boolean isUnsigned(FieldDescriptor field) {
    return switch (field.getType()) {
      case UINT32, UINT64, FIXED32, FIXED64 -> true;
      case BOOL, BYTES, DOUBLE, ENUM, FLOAT, GROUP, INT32, INT64, MESSAGE -> false;
      case SFIXED32, SFIXED64, SINT32, SINT64, STRING -> false;
    };
  }

  private void any(Any any, boolean secret) throws IOException {
    out.beginObject();
    if (!any.getTypeUrl().isEmpty()) {
      out.name("@type").value(any.getTypeUrl());
    }
    var prototype = WireTypes.prototypeOf(any);
    try {
      if (prototype == null) {
        opaque(any, secret);
      } else if (WellKnown.isUnderValue(prototype.getDescriptorForType())) {
        var content = WireTypes.unpack(any);
        out.name("value");
        message(content, secret);
      } else {
        fields(WireTypes.unpack(any), secret);
      }
    } catch (InvalidProtocolBufferException _) {
      opaque(any, secret);
    }
    out.endObject();
  }

  /// What we cannot read is shown as it came.
  private void opaque(Any any, boolean secret) throws IOException {
    if (!any.getValue().isEmpty()) {
      out.name("value").value(base64(secret ? bytesOf(REDACTED) : any.getValue()));
    }
  }

  private void struct(Struct struct, boolean secret) throws IOException {
    out.beginObject();
    for (var entry : struct.getFieldsMap().entrySet()) {
      out.name(entry.getKey());
      value(entry.getValue(), secret);
    }
    out.endObject();
  }

  private void list(ListValue list, boolean secret) throws IOException {
    out.beginArray();
    for (var value : list.getValuesList()) {
      value(value, secret);
    }
    out.endArray();
  }

  private void value(Value value, boolean secret) throws IOException {
    switch (value.getKindCase()) {
      case STRUCT_VALUE -> struct(value.getStructValue(), secret);
      case LIST_VALUE -> list(value.getListValue(), secret);
      case NULL_VALUE, KIND_NOT_SET -> out.nullValue();
      case STRING_VALUE, NUMBER_VALUE, BOOL_VALUE -> leaf(value, secret);
    }
  }

  private void leaf(Value value, boolean secret) throws IOException {
    if (secret) {
      out.value(REDACTED);
    } else if (value.hasStringValue()) {
      out.value(value.getStringValue());
    } else if (value.hasBoolValue()) {
      out.value(value.getBoolValue());
    } else {
      number(value.getNumberValue(), NumberText.of(value.getNumberValue()));
    }
  }

  private static ByteString bytesOf(String text) {
    return ByteString.copyFrom(text, StandardCharsets.UTF_8);
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
