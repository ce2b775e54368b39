package dev.weir.proto;

/// What to do about a field or an enum value that the message does not have.
public enum OnUnknown {
  /// It is an error.
  REJECT,
  /// It is left out and reported.
  WARN,
  /// It is left out.
  IGNORE
}
