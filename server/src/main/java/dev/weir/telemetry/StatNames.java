package dev.weir.telemetry;

/// How Envoy spells what configuration puts into a name.
final class StatNames {
  private StatNames() {}

  /// Without the characters that have a meaning of their own to statistics sinks, and without a dot
  /// at the end.
  static String sanitize(String name) {
    int end = name.endsWith(".") ? name.length() - 1 : name.length();
    if (name.indexOf(':') < 0 && name.indexOf('\0') < 0) {
      return name.substring(0, end);
    }
    return name.substring(0, end)
        .replace("://", "_")
        .replace(":/", "_")
        .replace(':', '_')
        .replace('\0', '_');
  }
}
