package dev.weir.config;

import java.util.List;

/// A configuration together with what there is to say about it: deprecated fields, and settings
/// that are accepted without doing all that they say.
///
/// Two of them are equal if they configure the same, whatever was said.
///
/// @param warnings each as `path: text`, for the log and for `/config_dump`
public record Checked<T>(T value, List<String> warnings) {
  public Checked {
    warnings = List.copyOf(warnings);
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
