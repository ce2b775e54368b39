package dev.weir.connection.match;

import dev.weir.config.CidrRange;
import dev.weir.config.IpLiteral;
import dev.weir.config.MatchInput;
import dev.weir.config.MatchPredicate;
import dev.weir.config.TextMatch;
import java.util.HashMap;
import java.util.List;

/// A test of something by its facts. Built at a push; immutable.
sealed interface Predicate {

  /// Whether it passes.
  boolean test(MatchFacts facts);

  /// Makes a configuration live.
  static Predicate of(MatchPredicate config) {
    return switch (config) {
      case MatchPredicate.Text(var input, var match) -> new Text(input, match);
      case MatchPredicate.Ip(var input, var ranges) -> new Ip(input, trie(ranges));
      case MatchPredicate.All(var tests) -> new All(tests.stream().map(Predicate::of).toList());
      case MatchPredicate.AnyOf(var tests) -> new AnyOf(tests.stream().map(Predicate::of).toList());
      case MatchPredicate.Not(var test) -> new Not(of(test));
    };
  }

  private static PrefixTrie<Boolean> trie(List<CidrRange> ranges) {
    var all = new HashMap<CidrRange, Boolean>();
    ranges.forEach(range -> all.put(range, true));
    return new PrefixTrie<>(all);
  }

  /// See [MatchPredicate.Text].
  record Text(MatchInput input, TextMatch match) implements Predicate {
    @Override
    public boolean test(MatchFacts facts) {
      var text = facts.text(input);
      return text != null && match.test(text);
    }
  }

  /// See [MatchPredicate.Ip].
  record Ip(MatchInput input, PrefixTrie<Boolean> ranges) implements Predicate {
    @Override
    public boolean test(MatchFacts facts) {
      var text = facts.text(input);
      var ip = text == null ? null : IpLiteral.parse(text);
      return ip != null && ranges.find(ip) != null;
    }
  }

  /// See [MatchPredicate.All].
  record All(List<Predicate> tests) implements Predicate {
    @Override
    public boolean test(MatchFacts facts) {
      for (var test : tests) {
        if (!test.test(facts)) {
          return false;
        }
      }
      return true;
    }
  }

  /// See [MatchPredicate.AnyOf].
  record AnyOf(List<Predicate> tests) implements Predicate {
    @Override
    public boolean test(MatchFacts facts) {
      for (var test : tests) {
        if (test.test(facts)) {
          return true;
        }
      }
      return false;
    }
  }

  /// See [MatchPredicate.Not].
  record Not(Predicate other) implements Predicate {
    @Override
    public boolean test(MatchFacts facts) {
      return !other.test(facts);
    }
  }
}
