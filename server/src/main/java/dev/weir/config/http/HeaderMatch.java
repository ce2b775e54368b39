package dev.weir.config.http;

import dev.weir.config.TextMatch;

/// A test of a request's headers (`config.route.v3.HeaderMatcher`). Of several values of one
/// header, one has to match.
///
/// @param name in lower case
/// @param invert whether those pass that do not match
/// @param missingIsEmpty whether an absent header counts as an empty one
public record HeaderMatch(String name, Rule rule, boolean invert, boolean missingIsEmpty) {

  /// What a header's value must be.
  public sealed interface Rule {
    /// A text of a kind.
    record Text(TextMatch match) implements Rule {}

    /// A decimal number from `start` to below `end`.
    record Range(long start, long end) implements Rule {}

    /// Whether the header is there.
    record Present(boolean expected) implements Rule {}
  }
}
