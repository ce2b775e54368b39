package dev.weir.proto;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.WireFormat;
import io.envoyproxy.pgv.validate.Validate;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Looks over messages of one type: a table of its fields, and which of them may not be missing.
/// What the table does not know does not pass.
final class TypeScreen implements Screen {
  private static final ConcurrentHashMap<Descriptor, Screen> KNOWN = new ConcurrentHashMap<>();

  /// Fields with greater numbers do not pass: the table has a place for each smaller one.
  private static final int GREATEST_NUMBER = 1023;

  private final @Nullable FieldScreen[] fields;

  /// A bit for each thing that may not be missing, or there twice.
  private long needed;

  private int bits;

  private TypeScreen(Descriptor type) {
    int greatest =
        type.getFields().stream()
            .mapToInt(FieldDescriptor::getNumber)
            .filter(number -> number <= GREATEST_NUMBER)
            .max()
            .orElse(0);
    fields = new FieldScreen[greatest + 1];
  }

  /// The screen of a type, made when it is first asked for.
  static Screen of(Descriptor type) {
    var known = KNOWN.get(type);
    if (known == null) {
      known = make(type);
      KNOWN.put(type, known);
    }
    return known;
  }

  private static Screen make(Descriptor type) {
    if (type.equals(Duration.getDescriptor())) {
      return Screen.duration(null);
    }
    return type.equals(Any.getDescriptor()) ? Screen.any(null) : ofType(type);
  }

  private static TypeScreen ofType(Descriptor type) {
    var screen = new TypeScreen(type);
    var choices = screen.choices(type);
    for (var field : type.getFields()) {
      var rule = FieldRule.of(field);
      long bit = choices.getOrDefault(field.getRealContainingOneof(), 0L);
      screen.add(field, rule, bit == 0 ? screen.bitOf(field, rule) : bit);
    }
    return screen;
  }

  /// A message whose fields have rules that are stated elsewhere: an entry of a map, a wrapper.
  ///
  /// @param rules about its fields, in their order
  static Screen of(Descriptor type, List<@Nullable ValueRule> rules) {
    var screen = new TypeScreen(type);
    for (int i = 0; i < rules.size(); i++) {
      var field = type.getFields().get(i);
      var rule =
          rules.get(i) == null ? null : new FieldRule(field, false, rules.get(i), null, null);
      screen.add(field, rule, screen.bitOf(field, rule));
    }
    return screen;
  }

  private Map<OneofDescriptor, Long> choices(Descriptor type) {
    var choices = new HashMap<OneofDescriptor, Long>();
    for (var oneof : type.getRealOneofs()) {
      if (oneof.getOptions().getExtension(Validate.required)) {
        choices.put(oneof, newBit(true));
      }
    }
    return choices;
  }

  private long bitOf(FieldDescriptor field, @Nullable FieldRule rule) {
    boolean need = FieldScreen.needs(field, rule);
    return need || FieldScreen.isLimited(field, rule) ? newBit(need) : 0;
  }

  private long newBit(boolean need) {
    long bit = bits < Long.SIZE ? 1L << bits : 0;
    bits++;
    needed |= need ? bit : 0;
    return bit;
  }

  private void add(FieldDescriptor field, @Nullable FieldRule rule, long bit) {
    if (field.getNumber() < fields.length && !DeprecatedFields.isDeprecated(field)) {
      fields[field.getNumber()] = FieldScreen.of(field, rule, bit);
    }
  }

  @Override
  public boolean passes(CodedInputStream in, int depth) throws IOException {
    long seen = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      var field = number < fields.length ? fields[number] : null;
      if (field == null || !field.passes(tag, in, depth)) {
        return false;
      }
      if (field.limited() && (seen & field.bit()) != 0) {
        return false;
      }
      seen |= field.bit();
    }
    return (seen & needed) == needed && bits <= Long.SIZE;
  }
}
