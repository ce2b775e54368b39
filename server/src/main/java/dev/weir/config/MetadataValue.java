package dev.weir.config;

import java.util.List;
import java.util.Map;

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
}
