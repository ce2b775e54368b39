package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A format string, taken apart: text, and operators between percent signs.
///
/// @param source the string itself
/// @param parts never two literals in a row
public record LogTemplate(String source, List<Part> parts) {

  /// `%NAME%`, `%NAME(argument)%`, `%NAME(argument):length%`. The argument ends at the first
  /// parenthesis after which the command can end.
  private static final Pattern COMMAND =
      Pattern.compile("%([A-Z0-9_]+)(?:\\((.*?)\\))?(?::([0-9]+))?%", Pattern.UNIX_LINES);

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
    /// @param expression what the argument of `CEL` says; null for every other operator
    record Command(
        LogOperator operator, String argument, int maxLength, @Nullable CelExpression expression)
        implements Part {

      /// Any operator but `CEL`.
      public Command(LogOperator operator, String argument, int maxLength) {
        this(operator, argument, maxLength, null);
      }
    }
  }

  /// A template that prints a text as it is.
  public static LogTemplate literal(String text) {
    return new LogTemplate(text, text.isEmpty() ? List.of() : List.of(new Part.Literal(text)));
  }

  /// A template that prints one fact.
  public static LogTemplate of(LogOperator operator) {
    return new LogTemplate("%" + operator + "%", List.of(new Part.Command(operator, "", -1)));
  }

  /// Takes a format apart.
  ///
  /// @throws InvalidResourceException for an operator that does not exist or is used wrongly, in
  ///   Envoy's words
  public static LogTemplate parse(String format, Field at) throws InvalidResourceException {
    var parts = new ArrayList<Part>();
    var literal = new StringBuilder();
    var command = COMMAND.matcher(format);
    int next = 0;
    while (next < format.length()) {
      char character = format.charAt(next);
      if (character != '%') {
        literal.append(character);
        next++;
      } else if (format.startsWith("%%", next)) {
        literal.append('%');
        next += 2;
      } else if (command.region(next, format.length()).lookingAt()) {
        flush(literal, parts);
        parts.add(command(command, at));
        next = command.end();
      } else {
        throw at.invalid(
            "Incorrect configuration: "
                + format
                + ". Couldn't find valid command at position "
                + next);
      }
    }
    flush(literal, parts);
    return new LogTemplate(format, parts);
  }

  private static void flush(StringBuilder literal, List<Part> parts) {
    if (!literal.isEmpty()) {
      parts.add(new Part.Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  private static Part command(Matcher found, Field at) throws InvalidResourceException {
    String name = found.group(1);
    var operator = LogOperator.find(name);
    if (operator == null) {
      throw at.invalid("Not supported field in StreamInfo: " + name);
    }
    String argument = found.group(2) == null ? "" : found.group(2);
    int maxLength = length(found.group(3));
    LogArguments.check(operator, argument, maxLength >= 0, at);
    var expression = operator == LogOperator.CEL ? CelDecoder.text(argument, at) : null;
    return new Part.Command(operator, argument, maxLength, expression);
  }

  private static int length(@Nullable String digits) {
    if (digits == null) {
      return -1;
    }
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }
}
