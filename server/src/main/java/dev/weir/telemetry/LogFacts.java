package dev.weir.telemetry;

import dev.weir.config.LogOperator;

/// Facts that another layer keeps and that are asked for only when a line is written: those of TLS,
/// those of HTTP. The connection's worker only.
public interface LogFacts {

  /// Writes one fact, raw; quoting and cutting is the caller's.
  ///
  /// @param operator the operator whose fact is wanted
  /// @param argument what stands between its parentheses, empty if nothing does
  FactKind write(LogOperator operator, String argument, LogLine line);
}
