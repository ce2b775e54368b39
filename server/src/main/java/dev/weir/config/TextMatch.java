package dev.weir.config;

import com.google.re2j.Pattern;
import java.util.Locale;

/// A test of a text (`type.matcher.v3.StringMatcher`).
public sealed interface TextMatch {

  /// Whether a text passes. Any thread.
  boolean test(String text);

  /// The very text.
  record Exact(String text, boolean ignoreCase) implements TextMatch {
    @Override
    public boolean test(String actual) {
      return ignoreCase ? text.equalsIgnoreCase(actual) : text.equals(actual);
    }
  }

  /// A text that begins so.
  record Prefix(String text, boolean ignoreCase) implements TextMatch {
    @Override
    public boolean test(String actual) {
      return actual.regionMatches(ignoreCase, 0, text, 0, text.length());
    }
  }

  /// A text that ends so.
  record Suffix(String text, boolean ignoreCase) implements TextMatch {
    @Override
    public boolean test(String actual) {
      int from = actual.length() - text.length();
      return actual.regionMatches(ignoreCase, from, text, 0, text.length());
    }
  }

  /// A text that has this in it.
  record Contains(String text, boolean ignoreCase) implements TextMatch {
    public Contains {
      text = ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
    }

    @Override
    public boolean test(String actual) {
      return (ignoreCase ? actual.toLowerCase(Locale.ROOT) : actual).contains(text);
    }
  }

  /// A text that matches as a whole.
  record Regex(Pattern pattern) implements TextMatch {
    @Override
    public boolean test(String actual) {
      return pattern.matches(actual);
    }
  }
}
