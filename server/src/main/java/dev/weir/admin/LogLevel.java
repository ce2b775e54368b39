package dev.weir.admin;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How much a component logs, from everything to nothing.
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARNING,
  ERROR,
  CRITICAL,
  OFF;

  /// As it is written in flags, on the admin interface and in log lines.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The level of that name; `warn` is `warning` too.
  ///
  /// @return null where there is none
  public static @Nullable LogLevel of(String text) {
    return switch (text) {
      case "trace" -> TRACE;
      case "debug" -> DEBUG;
      case "info" -> INFO;
      case "warning", "warn" -> WARNING;
      case "error" -> ERROR;
      case "critical" -> CRITICAL;
      case "off" -> OFF;
      default -> null;
    };
  }
}
