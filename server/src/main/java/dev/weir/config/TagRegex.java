package dev.weir.config;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Compiles the regular expressions of tags. They are the operator's own, and some look ahead,
/// which RE2 cannot.
public final class TagRegex {
  private TagRegex() {}

  /// Compiles an expression in the syntax that Envoy takes, ECMAScript's or RE2's.
  ///
  /// @throws PatternSyntaxException if it is none
  public static Pattern compile(String expression) {
    return Pattern.compile(translate(expression));
  }

  /// Java means something else by a bracket, and by `&&`, inside of brackets.
  private static String translate(String expression) {
    var java = new StringBuilder();
    boolean inClass = false;
    for (int i = 0; i < expression.length(); i++) {
      char next = expression.charAt(i);
      if (next == '\\' && i + 1 < expression.length()) {
        java.append(next).append(expression.charAt(++i));
      } else if (!inClass) {
        inClass = next == '[';
        java.append(next);
      } else if (expression.startsWith("[:", i)) {
        int end = expression.indexOf(":]", i);
        java.append(named(expression.substring(i + 2, end < 0 ? expression.length() : end)));
        i = end < 0 ? expression.length() : end + 1;
      } else {
        inClass = next != ']';
        java.append(next == '[' || next == '&' ? "\\" + next : next);
      }
    }
    return java.toString().replace("(?P<", "(?<");
  }

  private static String named(String posix) {
    return switch (posix) {
      case "word" -> "\\w";
      case "" -> "";
      default -> "\\p{" + Character.toUpperCase(posix.charAt(0)) + posix.substring(1) + "}";
    };
  }
}
