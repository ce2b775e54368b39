package dev.weir.config;

import java.util.List;

/// A configuration together with what there is to say about it: deprecated fields, and settings
/// that are accepted without doing all that they say.
///
/// Two of them are equal if they configure the same, whatever was said.
///
/// @param warnings each as `path: text`, for the log
/// @param deprecated fields and enum values that are used and should not be, as `path: text`
/// @param unknown fields and enum values that nobody knows, as `path: text`
public record Checked<T>(
    T value, List<String> warnings, List<String> deprecated, List<String> unknown) {
  public Checked {
    warnings = List.copyOf(warnings);
    deprecated = List.copyOf(deprecated);
    unknown = List.copyOf(unknown);
  }

  /// With nothing but warnings.
  public Checked(T value, List<String> warnings) {
    this(value, warnings, List.of(), List.of());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Checked<?> checked && checked.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }
}
