package dev.weir.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;

/// Compiles regular expressions in RE2 syntax, and says what is wrong with them as RE2 itself does.
public final class Re2 {
  /// Where the words of RE2/J differ from those of RE2.
  private static final Map<String, String> WORDS =
      Map.of(
          "missing closing )", "missing )",
          "missing closing ]", "missing ]",
          "missing argument to repetition operator", "no argument for repetition operator",
          "invalid nested repetition operator", "bad repetition operator",
          "invalid repeat count", "invalid repetition size",
          "invalid named capture", "invalid named capture group",
          "invalid or unsupported Perl syntax", "invalid perl operator");

  private Re2() {}

  /// Compiles an expression.
  ///
  /// @throws IllegalArgumentException with RE2's words for what is wrong: `missing ): (`
  public static Pattern compile(String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(said(expression, e), e);
    }
  }

  private static String said(String expression, PatternSyntaxException e) {
    return switch (e.getDescription()) {
      case "trailing backslash at end of expression" -> "trailing \\";
      case "regexp/syntax: internal error" -> "unexpected ): " + expression;
      case String said -> WORDS.getOrDefault(said, said) + ": " + e.getPattern();
    };
  }
}
