package dev.weir.config;

/// A test of a text (`type.matcher.v3.StringMatcher`).
public sealed interface TextMatch {

  /// The very text.
  record Exact(String text, boolean ignoreCase) implements TextMatch {}

  /// A text that begins so.
  record Prefix(String text, boolean ignoreCase) implements TextMatch {}

  /// A text that ends so.
  record Suffix(String text, boolean ignoreCase) implements TextMatch {}

  /// A text that has this in it.
  record Contains(String text, boolean ignoreCase) implements TextMatch {}

  /// A text that matches as a whole, in RE2 syntax.
  record Regex(String regex) implements TextMatch {}
}
