package dev.weir.config;

/// A header that is added to a request or response (`HeaderValueOption`).
///
/// @param name in lower case
/// @param value with access log operators, filled in for each request
/// @param keepEmpty whether an empty value is added too
public record HeaderAddition(String name, LogTemplate value, Action action, boolean keepEmpty) {

  /// `HeaderAppendAction`: what is done where the header is there already.
  public enum Action {
    APPEND_IF_EXISTS_OR_ADD,
    ADD_IF_ABSENT,
    OVERWRITE_IF_EXISTS_OR_ADD,
    OVERWRITE_IF_EXISTS
  }
}
