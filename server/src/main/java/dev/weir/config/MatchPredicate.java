package dev.weir.config;

import java.util.List;

/// A test of a connection (`Matcher.MatcherList.Predicate`).
public sealed interface MatchPredicate {

  /// A text of a kind. Nothing never passes.
  record Text(MatchInput input, TextMatch match) implements MatchPredicate {}

  /// An address of some ranges (`envoy.extensions.matching.input_matchers.ip.v3.Ip`).
  record Ip(MatchInput input, List<CidrRange> ranges) implements MatchPredicate {}

  /// All tests.
  record All(List<MatchPredicate> tests) implements MatchPredicate {}

  /// Any of the tests.
  record AnyOf(List<MatchPredicate> tests) implements MatchPredicate {}

  /// What the other does not pass.
  record Not(MatchPredicate test) implements MatchPredicate {}
}
