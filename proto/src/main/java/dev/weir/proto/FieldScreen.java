package dev.weir.proto;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Duration;
import com.google.protobuf.WireFormat;
import io.envoyproxy.pgv.validate.Validate;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks over one occurrence of a field.
///
/// @param wireType how its values are encoded one by one
/// @param value looks over one of them
/// @param limited whether more than one may be too many
/// @param bit of what is there with it; 0 if it may be missing, and there any number of times
record FieldScreen(FieldDescriptor field, int wireType, Value value, boolean limited, long bit) {
  private static final int TAG_TYPE_BITS = 3;

  /// One about which there is nothing to say.
  private static final Value ANY_VALUE = (tag, in, _) -> in.skipField(tag);

  /// Looks over one value. Many kinds behind one interface keep the code of each small: a compiler
  /// that sees through all of them makes the same large code in many places.
  @FunctionalInterface
  interface Value {
    boolean passes(int tag, CodedInputStream in, int depth) throws IOException;
  }

  /// The screen of a field.
  ///
  /// @return null for one that passes only where it is missing
  static @Nullable FieldScreen of(FieldDescriptor field, @Nullable FieldRule rule, long bit) {
    boolean limited = isLimited(field, rule);
    if (limited && isMoreThanOneNeeded(field)) {
      return null;
    }
    var one = rule == null ? null : field.isRepeated() ? rule.item() : rule.whole();
    boolean message = field.getJavaType() == JavaType.MESSAGE;
    if (one != null && message && !field.isMapField() && !hasRuledValue(field)) {
      return null;
    }
    int wireType = field.getLiteType().getWireType();
    return new FieldScreen(field, wireType, value(field, rule, one), limited, bit);
  }

  private static Value value(
      FieldDescriptor field, @Nullable FieldRule rule, @Nullable ValueRule one) {
    return switch (field.getJavaType()) {
      case MESSAGE ->
          message(field.getMessageType(), rule == null ? null : inside(field, rule, one));
      case ENUM -> enumValue(field.getEnumType(), one);
      default -> one == null ? ANY_VALUE : ruled(field, one);
    };
  }

  private static Value message(Descriptor type, @Nullable Screen inside) {
    return (_, in, depth) -> {
      int limit = in.pushLimit(in.readRawVarint32());
      var screen = inside == null ? TypeScreen.of(type) : inside;
      if (depth >= Screen.DEEPEST || !screen.passes(in, depth + 1)) {
        return false;
      }
      in.popLimit(limit);
      return true;
    };
  }

  private static Value enumValue(EnumDescriptor type, @Nullable ValueRule rule) {
    return (_, in, _) -> {
      var value = type.findValueByNumber(in.readEnum());
      return value != null
          && !DeprecatedFields.isDeprecated(value)
          && (rule == null || rule.broken(value) == null);
    };
  }

  private static Value ruled(FieldDescriptor field, ValueRule rule) {
    return (_, in, _) -> rule.broken(scalar(field.getType(), in)) == null;
  }

  /// Whether something is said of the number of items.
  static boolean isLimited(FieldDescriptor field, @Nullable FieldRule rule) {
    return field.isRepeated() && rule != null && rule.whole() != null;
  }

  private static boolean isMoreThanOneNeeded(FieldDescriptor field) {
    var rules = NewerFields.newest(field).getOptions().getExtension(Validate.rules);
    return rules.getRepeated().getMinItems() > 1
        || rules.getMap().getMinPairs() > 1
        || (rules.getRepeated().hasMaxItems() && rules.getRepeated().getMaxItems() < 1)
        || (rules.getMap().hasMaxPairs() && rules.getMap().getMaxPairs() < 1);
  }

  /// Whether it is of a type about whose value there can be rules; save points in time, some of
  /// whose rules look at the clock.
  private static boolean hasRuledValue(FieldDescriptor field) {
    var type = field.getMessageType();
    return WellKnown.isWrapper(type)
        || type.equals(Duration.getDescriptor())
        || type.equals(Any.getDescriptor());
  }

  private static @Nullable Screen inside(
      FieldDescriptor field, FieldRule rule, @Nullable ValueRule one) {
    var type = field.getMessageType();
    if (field.isMapField()) {
      return TypeScreen.of(type, Arrays.asList(rule.key(), rule.item()));
    }
    if (one == null) {
      return null;
    }
    if (type.equals(Duration.getDescriptor())) {
      return Screen.duration(one);
    }
    return type.equals(Any.getDescriptor()) ? Screen.any(one) : TypeScreen.of(type, List.of(one));
  }

  /// Whether a message without the field breaks a rule.
  static boolean needs(FieldDescriptor field, @Nullable FieldRule rule) {
    if (rule == null) {
      return false;
    }
    if (field.isRepeated()) {
      return rule.whole() != null && rule.whole().broken(List.of()) != null;
    }
    if (field.hasPresence()) {
      return rule.required();
    }
    return rule.whole() != null && rule.whole().broken(field.getDefaultValue()) != null;
  }

  /// Whether there is nothing to be said about it. Reads it.
  boolean passes(int tag, CodedInputStream in, int depth) throws IOException {
    return WireFormat.getTagWireType(tag) == wireType
        ? value.passes(tag, in, depth)
        : field.isPackable() && !limited && packedPasses(in, depth);
  }

  private boolean packedPasses(CodedInputStream in, int depth) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    while (in.getBytesUntilLimit() > 0) {
      if (!value.passes(field.getNumber() << TAG_TYPE_BITS | wireType, in, depth)) {
        return false;
      }
    }
    in.popLimit(limit);
    return true;
  }

  /// As reflection would return it.
  private static Object scalar(FieldDescriptor.Type type, CodedInputStream in) throws IOException {
    return switch (type) {
      case BOOL -> in.readBool();
      case STRING -> in.readString();
      case BYTES -> in.readBytes();
      case INT32 -> in.readInt32();
      case UINT32 -> in.readUInt32();
      case SINT32 -> in.readSInt32();
      case FIXED32 -> in.readFixed32();
      case SFIXED32 -> in.readSFixed32();
      case INT64 -> in.readInt64();
      case UINT64 -> in.readUInt64();
      case SINT64 -> in.readSInt64();
      case FIXED64 -> in.readFixed64();
      case SFIXED64 -> in.readSFixed64();
      case FLOAT -> in.readFloat();
      case DOUBLE -> in.readDouble();
      case ENUM, MESSAGE, GROUP -> throw new IllegalStateException("no scalar: " + type);
    };
  }
}
