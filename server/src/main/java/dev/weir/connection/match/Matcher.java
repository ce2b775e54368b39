package dev.weir.connection.match;

import dev.weir.config.IpLiteral;
import dev.weir.config.MatchInput;
import dev.weir.config.MatcherConfig;
import dev.weir.config.MatcherConfig.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A decision that is made step by step. Built at a push; immutable.
///
/// @param <A> what is decided
public sealed interface Matcher<A> {

  /// What is decided of something with these facts; null if nothing is.
  @Nullable A find(MatchFacts facts);

  /// Makes a configuration live.
  static <A> Matcher<A> of(MatcherConfig<A> config) {
    var otherwise = Way.ofNullable(config.otherwise());
    return switch (config) {
      case MatcherConfig.Rules<A>(var rules, _) ->
          new Rules<>(
              rules.stream()
                  .map(rule -> new Rule<>(Predicate.of(rule.predicate()), Way.of(rule.outcome())))
                  .toList(),
              otherwise);
      case MatcherConfig.Exact<A>(var input, var ways, _) ->
          new Exact<>(input, live(ways), otherwise);
      case MatcherConfig.Prefix<A>(var input, var ways, _) ->
          new Prefix<>(input, live(ways), otherwise);
      case MatcherConfig.IpRanges<A>(var input, var ways, _) ->
          new IpRanges<>(input, RangeWays.trie(ways), otherwise);
      case MatcherConfig.Domains<A>(var input, var ways, _) ->
          new Domains<>(input, live(ways), otherwise);
    };
  }

  private static <A> Map<String, Way<A>> live(Map<String, Outcome<A>> outcomes) {
    var ways = new HashMap<String, Way<A>>();
    outcomes.forEach((key, outcome) -> ways.put(key, Way.of(outcome)));
    return ways;
  }

  /// What a match leads to.
  ///
  /// @param action null if a further decision follows
  /// @param next null if an action ends the search
  record Way<A>(@Nullable A action, @Nullable Matcher<A> next, boolean keepsMatching) {
    static <A> Way<A> of(Outcome<A> outcome) {
      return switch (outcome) {
        case Outcome.Action<A>(var action, boolean keeps) -> new Way<>(action, null, keeps);
        case Outcome.Nested<A>(var matcher, boolean keeps) ->
            new Way<>(null, Matcher.of(matcher), keeps);
      };
    }

    static <A> @Nullable Way<A> ofNullable(@Nullable Outcome<A> outcome) {
      return outcome == null ? null : of(outcome);
    }

    /// Null if the search is to go on.
    private static <A> @Nullable A take(@Nullable Way<A> way, MatchFacts facts) {
      if (way == null || way.keepsMatching) {
        return null;
      }
      return way.next == null ? way.action : way.next.find(facts);
    }
  }

  /// See [MatcherConfig.Rule].
  record Rule<A>(Predicate predicate, Way<A> way) {}

  /// See [MatcherConfig.Rules].
  record Rules<A>(List<Rule<A>> rules, @Nullable Way<A> otherwise) implements Matcher<A> {
    @Override
    public @Nullable A find(MatchFacts facts) {
      for (var rule : rules) {
        if (rule.predicate.test(facts)) {
          var found = Way.take(rule.way, facts);
          if (found != null) {
            return found;
          }
        }
      }
      return Way.take(otherwise, facts);
    }
  }

  /// See [MatcherConfig.Exact].
  record Exact<A>(MatchInput input, Map<String, Way<A>> ways, @Nullable Way<A> otherwise)
      implements Matcher<A> {
    @Override
    public @Nullable A find(MatchFacts facts) {
      var text = facts.text(input);
      var found = text == null ? null : Way.take(ways.get(text), facts);
      return found != null ? found : Way.take(otherwise, facts);
    }
  }

  /// See [MatcherConfig.Prefix].
  record Prefix<A>(MatchInput input, Map<String, Way<A>> ways, @Nullable Way<A> otherwise)
      implements Matcher<A> {
    @Override
    public @Nullable A find(MatchFacts facts) {
      var text = facts.text(input);
      for (int length = text == null ? -1 : text.length(); length >= 0; length--) {
        var found = Way.take(ways.get(String.valueOf(text).substring(0, length)), facts);
        if (found != null) {
          return found;
        }
      }
      return Way.take(otherwise, facts);
    }
  }

  /// See [MatcherConfig.IpRanges].
  record IpRanges<A>(
      MatchInput input, PrefixTrie<List<RangeWay<A>>> ways, @Nullable Way<A> otherwise)
      implements Matcher<A> {

    /// A way for the addresses of a range.
    ///
    /// @param exclusive only if it comes first
    record RangeWay<A>(Way<A> way, boolean exclusive) {}

    @Override
    public @Nullable A find(MatchFacts facts) {
      var text = facts.text(input);
      var ip = text == null ? null : IpLiteral.parse(text);
      var found = ip == null ? null : ways.find(ip);
      if (found != null) {
        boolean first = true;
        for (var way : found) {
          if (first || !way.exclusive) {
            var action = Way.take(way.way, facts);
            if (action != null) {
              return action;
            }
          }
          first = false;
        }
      }
      return Way.take(otherwise, facts);
    }
  }

  /// See [MatcherConfig.Domains].
  record Domains<A>(MatchInput input, Map<String, Way<A>> ways, @Nullable Way<A> otherwise)
      implements Matcher<A> {
    @Override
    public @Nullable A find(MatchFacts facts) {
      var name = facts.text(input);
      if (name != null) {
        var found = Way.take(ways.get(name), facts);
        for (int dot = name.indexOf('.');
            found == null && dot >= 0;
            dot = name.indexOf('.', dot + 1)) {
          found = Way.take(ways.get("*" + name.substring(dot)), facts);
        }
        if (found == null) {
          found = Way.take(ways.get("*"), facts);
        }
        if (found != null) {
          return found;
        }
      }
      return Way.take(otherwise, facts);
    }
  }
}
