package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.type.matcher.v3.DoubleMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ListMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;

/// Makes [ValueMatch]es.
public final class ValueMatchDecoder {
  private ValueMatchDecoder() {}

  /// Reads one matcher.
  ///
  /// @throws InvalidResourceException if it says nothing
  public static ValueMatch decode(ValueMatcher wire, Field at) throws InvalidResourceException {
    return switch (wire.getMatchPatternCase()) {
      case NULL_MATCH -> new ValueMatch.IsNull();
      case DOUBLE_MATCH -> number(wire.getDoubleMatch(), at.at("double_match"));
      case STRING_MATCH ->
          new ValueMatch.TextIs(
              TextMatchDecoder.decode(wire.getStringMatch(), at.at("string_match")));
      case BOOL_MATCH -> new ValueMatch.BoolIs(wire.getBoolMatch());
      case PRESENT_MATCH -> new ValueMatch.Present(wire.getPresentMatch());
      case LIST_MATCH -> list(wire.getListMatch(), at.at("list_match"));
      case OR_MATCH ->
          new ValueMatch.AnyOf(
              at.at("or_match")
                  .each(
                      "value_matchers",
                      wire.getOrMatch().getValueMatchersList(),
                      ValueMatchDecoder::decode));
      case MATCHPATTERN_NOT_SET -> throw at.invalid("a match pattern is required");
    };
  }

  private static ValueMatch number(DoubleMatcher wire, Field at) throws InvalidResourceException {
    return switch (wire.getMatchPatternCase()) {
      case EXACT -> new ValueMatch.NumberIs(wire.getExact());
      case RANGE -> new ValueMatch.NumberIn(wire.getRange().getStart(), wire.getRange().getEnd());
      case MATCHPATTERN_NOT_SET -> throw at.invalid("a match pattern is required");
    };
  }

  private static ValueMatch list(ListMatcher wire, Field at) throws InvalidResourceException {
    return switch (wire.getMatchPatternCase()) {
      case ONE_OF -> new ValueMatch.AnyItem(decode(wire.getOneOf(), at.at("one_of")));
      case MATCHPATTERN_NOT_SET -> throw at.invalid("a match pattern is required");
    };
  }
}
