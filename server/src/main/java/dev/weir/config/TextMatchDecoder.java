package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;

/// Makes [TextMatch]es. Any thread may call.
public final class TextMatchDecoder {
  private TextMatchDecoder() {}

  /// Reads one matcher.
  ///
  /// @throws InvalidResourceException if it says nothing, or nothing that we understand
  public static TextMatch decode(StringMatcher wire, Field at) throws InvalidResourceException {
    boolean ignoreCase = wire.getIgnoreCase();
    return switch (wire.getMatchPatternCase()) {
      case EXACT -> new TextMatch.Exact(wire.getExact(), ignoreCase);
      case PREFIX -> new TextMatch.Prefix(wire.getPrefix(), ignoreCase);
      case SUFFIX -> new TextMatch.Suffix(wire.getSuffix(), ignoreCase);
      case CONTAINS -> new TextMatch.Contains(wire.getContains(), ignoreCase);
      case SAFE_REGEX -> {
        at.check(!ignoreCase, "ignore_case has no effect for safe_regex.");
        yield regex(wire.getSafeRegex(), at.at("safe_regex"));
      }
      case CUSTOM -> throw at.at("custom").invalid("not supported");
      case MATCHPATTERN_NOT_SET -> throw at.invalid("a match pattern is required");
    };
  }

  /// A test by a regular expression.
  ///
  /// @throws InvalidResourceException if it is none
  public static TextMatch regex(RegexMatcher wire, Field at) throws InvalidResourceException {
    return regex(wire.getRegex(), at);
  }

  static TextMatch regex(String regex, Field at) throws InvalidResourceException {
    try {
      return new TextMatch.Regex(Re2.compile(regex));
    } catch (IllegalArgumentException e) {
      throw at.at("regex").invalid(String.valueOf(e.getMessage()));
    }
  }
}
