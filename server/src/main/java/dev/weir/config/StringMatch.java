package dev.weir.config;

import com.google.re2j.Pattern;
import java.util.Locale;

/// A rule for texts. Source: `envoy.type.matcher.v3.StringMatcher`.
public sealed interface StringMatch {

  /// Whether a text follows the rule.
  boolean test(String text);

  /// The whole text.
  record Exact(String value, boolean ignoreCase) implements StringMatch {
    @Override
    public boolean test(String text) {
      return ignoreCase ? value.equalsIgnoreCase(text) : value.equals(text);
    }
  }

  /// How the text begins.
  record Prefix(String value, boolean ignoreCase) implements StringMatch {
    @Override
    public boolean test(String text) {
      return text.regionMatches(ignoreCase, 0, value, 0, value.length());
    }
  }

  /// How the text ends.
  record Suffix(String value, boolean ignoreCase) implements StringMatch {
    @Override
    public boolean test(String text) {
      int from = text.length() - value.length();
      return text.regionMatches(ignoreCase, from, value, 0, value.length());
    }
  }

  /// What the text contains; in lower case if case is ignored.
  record Contains(String value, boolean ignoreCase) implements StringMatch {
    @Override
    public boolean test(String text) {
      return (ignoreCase ? text.toLowerCase(Locale.ROOT) : text).contains(value);
    }
  }

  /// A pattern for the whole text.
  record Regex(Pattern pattern) implements StringMatch {
    @Override
    public boolean test(String text) {
      return pattern.matches(text);
    }
  }
}
