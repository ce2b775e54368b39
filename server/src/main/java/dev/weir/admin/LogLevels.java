package dev.weir.admin;

import java.util.Map;

/// The log level of each component, to look at and to change while the process runs. Any thread may
/// call.
public interface LogLevels {

  /// Every component with its level, in the order in which they are shown.
  Map<String, LogLevel> all();

  /// Whether there is such a component.
  default boolean has(String component) {
    return all().containsKey(component);
  }

  /// Sets one component's level; does nothing for an unknown one.
  void set(String component, LogLevel level);

  /// Sets the level of all components.
  void setAll(LogLevel level);
}
