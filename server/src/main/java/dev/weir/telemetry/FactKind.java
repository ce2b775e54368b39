package dev.weir.telemetry;

/// What an operator put on a line.
public enum FactKind {
  /// Nothing, as the fact does not exist: `-` in text, `null` in JSON.
  ABSENT,
  /// Text: quoted and escaped in JSON.
  TEXT,
  /// A number, a truth value or a finished JSON value: unquoted in JSON.
  LITERAL
}
