package dev.weir.config;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.github.xds.type.matcher.v3.StringMatcher;
import dev.weir.config.MatchInput.About;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.matching.input_matchers.ip.v3.Ip;
import java.util.List;

/// Makes [MatchPredicate]s.
final class MatchPredicateDecoder {
  private MatchPredicateDecoder() {}

  static MatchPredicate decode(Predicate wire, About about, Field at)
      throws InvalidResourceException {
    return switch (wire.getMatchTypeCase()) {
      case SINGLE_PREDICATE -> single(wire.getSinglePredicate(), about, at.at("single_predicate"));
      case OR_MATCHER ->
          new MatchPredicate.AnyOf(list(wire.getOrMatcher(), about, at.at("or_matcher")));
      case AND_MATCHER ->
          new MatchPredicate.All(list(wire.getAndMatcher(), about, at.at("and_matcher")));
      case NOT_MATCHER ->
          new MatchPredicate.Not(decode(wire.getNotMatcher(), about, at.at("not_matcher")));
      case MATCHTYPE_NOT_SET -> throw at.invalid("a predicate is required");
    };
  }

  private static List<MatchPredicate> list(Predicate.PredicateList wire, About about, Field at) {
    return at.each("predicate", wire.getPredicateList(), (one, there) -> decode(one, about, there));
  }

  private static MatchPredicate single(Predicate.SinglePredicate wire, About about, Field at)
      throws InvalidResourceException {
    var input = MatchInputDecoder.decode(wire.getInput(), about, at.at("input"));
    return switch (wire.getMatcherCase()) {
      case VALUE_MATCH ->
          new MatchPredicate.Text(input, text(wire.getValueMatch(), at.at("value_match")));
      case CUSTOM_MATCH -> {
        var custom = wire.getCustomMatch();
        var customAt = at.at("custom_match").at("typed_config");
        var typed = ExtensionDecoder.unpack(custom.getName(), custom.getTypedConfig(), customAt);
        if (typed instanceof Ip ip) {
          yield new MatchPredicate.Ip(
              input, CidrDecoder.ranges("cidr_ranges", ip.getCidrRangesList(), customAt));
        }
        throw customAt.invalid(
            "matcher " + typed.getDescriptorForType().getFullName() + " is not supported");
      }
      case MATCHER_NOT_SET -> throw at.invalid("a matcher is required");
    };
  }

  private static TextMatch text(StringMatcher wire, Field at) throws InvalidResourceException {
    boolean ignoreCase = wire.getIgnoreCase();
    return switch (wire.getMatchPatternCase()) {
      case EXACT -> new TextMatch.Exact(wire.getExact(), ignoreCase);
      case PREFIX -> new TextMatch.Prefix(wire.getPrefix(), ignoreCase);
      case SUFFIX -> new TextMatch.Suffix(wire.getSuffix(), ignoreCase);
      case CONTAINS -> new TextMatch.Contains(wire.getContains(), ignoreCase);
      case SAFE_REGEX ->
          TextMatchDecoder.regex(wire.getSafeRegex().getRegex(), at.at("safe_regex"));
      case CUSTOM -> throw at.at("custom").invalid("not supported");
      case MATCHPATTERN_NOT_SET -> throw at.invalid("a match pattern is required");
    };
  }
}
