package dev.weir.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A decision that is made step by step (`xds.type.matcher.v3.Matcher`).
///
/// @param <A> what is decided
public sealed interface MatcherConfig<A> {

  /// What follows if nothing here matches; null for nothing.
  @Nullable Outcome<A> otherwise();

  /// What a match leads to. With `keep_matching` it is only noted, and the search goes on.
  sealed interface Outcome<A> {
    /// `keep_matching`.
    boolean keepsMatching();

    /// The end.
    record Action<A>(A action, boolean keepsMatching) implements Outcome<A> {}

    /// A further decision. If it finds nothing, the search goes on behind it.
    record Nested<A>(MatcherConfig<A> matcher, boolean keepsMatching) implements Outcome<A> {}
  }

  /// The first of some rules.
  record Rules<A>(List<Rule<A>> rules, @Nullable Outcome<A> otherwise)
      implements MatcherConfig<A> {}

  /// One of the rules.
  record Rule<A>(MatchPredicate predicate, Outcome<A> outcome) {}

  /// The way for the very value.
  record Exact<A>(MatchInput input, Map<String, Outcome<A>> ways, @Nullable Outcome<A> otherwise)
      implements MatcherConfig<A> {}

  /// The way for the longest beginning of the value.
  record Prefix<A>(MatchInput input, Map<String, Outcome<A>> ways, @Nullable Outcome<A> otherwise)
      implements MatcherConfig<A> {}

  /// The way for the smallest range that an address lies in (`xds.type.matcher.v3.IPMatcher`).
  record IpRanges<A>(MatchInput input, List<IpWay<A>> ways, @Nullable Outcome<A> otherwise)
      implements MatcherConfig<A> {}

  /// A way for addresses of some ranges.
  ///
  /// @param exclusive only if no smaller range has the address
  record IpWay<A>(List<CidrRange> ranges, Outcome<A> outcome, boolean exclusive) {}

  /// The way for the longest ending of a host name (`xds.type.matcher.v3.ServerNameMatcher`).
  ///
  /// @param ways by names, `*.` and the rest of a name, or `*`
  record Domains<A>(MatchInput input, Map<String, Outcome<A>> ways, @Nullable Outcome<A> otherwise)
      implements MatcherConfig<A> {}
}
