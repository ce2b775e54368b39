package dev.weir.proto;

/// Where in a text the fields of a message stand, so that a later, semantic error of a file can
/// name its line too.
public final class Positions {
  /// Of a message that came from no text: nothing is known.
  public static final Positions NONE = new Positions();

  /// A place in a text.
  ///
  /// @param line counted from 1; 0 if unknown
  /// @param column counted from 1; 0 if unknown
  public record Position(int line, int column) {
    /// Not known.
    public static final Position UNKNOWN = new Position(0, 0);
  }

  /// The place of the field, or of the nearest enclosing one that the text has.
  ///
  /// @param path as in [WireError]
  public Position find(String path) {
    return Position.UNKNOWN;
  }

  /// The violation with its line and column.
  public WireError locate(Violation violation) {
    var at = find(violation.path());
    return new WireError(violation.path(), at.line(), at.column(), violation.message());
  }
}
