package dev.weir.proto;

import org.jspecify.annotations.Nullable;

/// One rule about one value.
@FunctionalInterface
interface ValueRule {
  /// What is wrong with the value, such as `must be ≥ 1`; null if nothing.
  @Nullable String broken(Object value);

  /// This rule, and if it holds the other.
  default ValueRule and(ValueRule other) {
    return value -> {
      var broken = broken(value);
      return broken == null ? other.broken(value) : broken;
    };
  }
}
