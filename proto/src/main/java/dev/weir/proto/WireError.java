package dev.weir.proto;

/// One mistake in a text form of a message.
///
/// @param path the field in proto names, `listeners[0].filter_chains[1].name`; an `Any` adds
///   nothing to it; a map's key stands in brackets, `["key"]`; empty for the whole
/// @param line counted from 1; 0 if unknown
/// @param column counted from 1; 0 if unknown
/// @param message what is wrong, without the path
public record WireError(String path, int line, int column, String message) {
  /// `PATH: MESSAGE (line L, column C)`, leaving out what is unknown.
  @Override
  public String toString() {
    var where = line == 0 ? "" : " (line " + line + ", column " + column + ")";
    return (path.isEmpty() ? message : path + ": " + message) + where;
  }
}
