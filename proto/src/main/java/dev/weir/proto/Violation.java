package dev.weir.proto;

/// Something to be said of one field of a message: a broken rule, an unknown or a deprecated field.
///
/// @param path the field in proto names, as in [WireError]
/// @param message what is wrong, without the path
public record Violation(String path, String message) {
  /// `PATH: MESSAGE`.
  @Override
  public String toString() {
    return path.isEmpty() ? message : path + ": " + message;
  }
}
