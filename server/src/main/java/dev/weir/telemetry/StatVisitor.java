package dev.weir.telemetry;

/// Is shown statistics.
@FunctionalInterface
public interface StatVisitor {

  /// Is shown one.
  ///
  /// @param name the full name
  void visit(String name, Stat stat);
}
