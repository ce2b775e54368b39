package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.TextMatch;
import dev.weir.config.TextMatchDecoder;
import dev.weir.config.http.HeaderMatch.Rule;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import java.util.List;
import java.util.Locale;

/// Makes [HeaderMatch]es and [QueryMatch]es. Any thread may call.
public final class HeaderMatchDecoder {
  private HeaderMatchDecoder() {}

  /// All matchers of a repeated field.
  public static List<HeaderMatch> all(String field, List<HeaderMatcher> wire, Field at) {
    return at.each(field, wire, HeaderMatchDecoder::header);
  }

  private static HeaderMatch header(HeaderMatcher wire, Field at) throws InvalidResourceException {
    return new HeaderMatch(
        wire.getName().toLowerCase(Locale.ROOT),
        rule(wire, at),
        wire.getInvertMatch(),
        wire.getTreatMissingHeaderAsEmpty());
  }

  @SuppressWarnings("deprecation") // the older ways to say what is matched are accepted too
  private static Rule rule(HeaderMatcher wire, Field at) throws InvalidResourceException {
    return switch (wire.getHeaderMatchSpecifierCase()) {
      case EXACT_MATCH -> text(new TextMatch.Exact(wire.getExactMatch(), false));
      case PREFIX_MATCH -> text(new TextMatch.Prefix(wire.getPrefixMatch(), false));
      case SUFFIX_MATCH -> text(new TextMatch.Suffix(wire.getSuffixMatch(), false));
      case CONTAINS_MATCH -> text(new TextMatch.Contains(wire.getContainsMatch(), false));
      case SAFE_REGEX_MATCH ->
          text(TextMatchDecoder.regex(wire.getSafeRegexMatch(), at.at("safe_regex_match")));
      case STRING_MATCH ->
          text(TextMatchDecoder.decode(wire.getStringMatch(), at.at("string_match")));
      case RANGE_MATCH ->
          new Rule.Range(wire.getRangeMatch().getStart(), wire.getRangeMatch().getEnd());
      case PRESENT_MATCH -> new Rule.Present(wire.getPresentMatch());
      case HEADERMATCHSPECIFIER_NOT_SET -> new Rule.Present(true);
    };
  }

  private static Rule text(TextMatch match) {
    return new Rule.Text(match);
  }

  static QueryMatch query(QueryParameterMatcher wire, Field at) throws InvalidResourceException {
    return switch (wire.getQueryParameterMatchSpecifierCase()) {
      case STRING_MATCH ->
          new QueryMatch(
              wire.getName(),
              TextMatchDecoder.decode(wire.getStringMatch(), at.at("string_match")),
              true,
              false);
      case PRESENT_MATCH -> new QueryMatch(wire.getName(), null, wire.getPresentMatch(), false);
      case QUERYPARAMETERMATCHSPECIFIER_NOT_SET ->
          new QueryMatch(wire.getName(), null, true, false);
    };
  }
}
