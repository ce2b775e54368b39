package dev.weir.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A `google.protobuf.Value` that compares by structure: the number 1 is not the text "1".
public sealed interface MetadataValue {
  /// `null_value`.
  record Null() implements MetadataValue {}

  /// `bool_value`.
  record Bool(boolean value) implements MetadataValue {}

  /// `number_value`.
  record Numeric(double value) implements MetadataValue {}

  /// `string_value`.
  record Text(String value) implements MetadataValue {}

  /// `list_value`.
  record Items(List<MetadataValue> items) implements MetadataValue {}

  /// `struct_value`.
  record Fields(Map<String, MetadataValue> fields) implements MetadataValue {}

  /// The same as maps, lists, texts, numbers, truth values and nulls.
  static Map<String, @Nullable Object> plain(Map<String, MetadataValue> values) {
    var plain = new HashMap<String, @Nullable Object>();
    values.forEach((key, value) -> plain.put(key, plain(value)));
    return plain;
  }

  private static @Nullable Object plain(MetadataValue value) {
    return switch (value) {
      case Null() -> null;
      case Bool(boolean truth) -> truth;
      case Numeric(double number) -> number;
      case Text(var text) -> text;
      case Items(var items) -> items.stream().map(MetadataValue::plain).toList();
      case Fields(var fields) -> plain(fields);
    };
  }
}
