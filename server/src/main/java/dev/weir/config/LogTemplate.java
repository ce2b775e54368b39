package dev.weir.config;

import java.util.List;

/// A format string, taken apart: text, and operators between percent signs.
///
/// @param source the string itself
public record LogTemplate(String source, List<Part> parts) {
  public LogTemplate {
    parts = List.copyOf(parts);
  }

  /// A piece of a template.
  public sealed interface Part {
    /// Text as it is written.
    record Literal(String text) implements Part {}

    /// A fact that is filled in.
    ///
    /// @param argument what stands between the parentheses, empty if nothing does
    /// @param maxLength cuts the fact's text to so many bytes; -1 for no limit
    record Command(LogOperator operator, String argument, int maxLength) implements Part {}
  }
}
