package dev.weir.xds;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes structs of plain values: maps, lists, texts, numbers, truth values and nulls.
public final class Structs {
  private Structs() {}

  /// A struct with these fields.
  public static Struct of(Map<?, ?> values) {
    var struct = Struct.newBuilder();
    values.forEach((key, value) -> struct.putFields(String.valueOf(key), value(value)));
    return struct.build();
  }

  private static Value value(@Nullable Object plain) {
    var value = Value.newBuilder();
    switch (plain) {
      case null -> value.setNullValue(NullValue.NULL_VALUE);
      case Boolean truth -> value.setBoolValue(truth);
      case Number number -> value.setNumberValue(number.doubleValue());
      case Map<?, ?> fields -> value.setStructValue(of(fields));
      case List<?> items -> {
        var list = ListValue.newBuilder();
        items.forEach(item -> list.addValues(value(item)));
        value.setListValue(list);
      }
      default -> value.setStringValue(plain.toString());
    }
    return value.build();
  }
}
