package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.RouteAction.HashRule;
import dev.weir.config.http.RouteAction.HashRule.Source;
import dev.weir.config.http.RouteAction.PathRewrite;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import java.util.LinkedHashMap;
import java.util.Locale;

/// Makes [HashRule]s, and substitutions.
final class HashRuleDecoder {
  private HashRuleDecoder() {}

  static HashRule rule(HashPolicy wire, Field at) throws InvalidResourceException {
    var source =
        switch (wire.getPolicySpecifierCase()) {
          case HEADER -> header(wire.getHeader(), at.at("header"));
          case COOKIE -> cookie(wire.getCookie());
          case CONNECTION_PROPERTIES -> {
            at.at("connection_properties")
                .withoutEffect(!wire.getConnectionProperties().getSourceIp(), "source_ip");
            yield new Source.SourceIp();
          }
          case QUERY_PARAMETER -> new Source.QueryParameter(wire.getQueryParameter().getName());
          case FILTER_STATE -> new Source.FilterState(wire.getFilterState().getKey());
          case POLICYSPECIFIER_NOT_SET -> throw at.invalid("policy_specifier is required");
        };
    return new HashRule(source, wire.getTerminal());
  }

  private static Source header(HashPolicy.Header wire, Field at) throws InvalidResourceException {
    var name = wire.getHeaderName().toLowerCase(Locale.ROOT);
    if (!wire.hasRegexRewrite()) {
      return new Source.Header(name, null, "");
    }
    var regex = regexRewrite(wire.getRegexRewrite(), at.at("regex_rewrite"));
    return new Source.Header(name, regex.pattern(), regex.substitution());
  }

  private static Source cookie(HashPolicy.Cookie wire) {
    var attributes = new LinkedHashMap<String, String>();
    wire.getAttributesList().forEach(it -> attributes.put(it.getName(), it.getValue()));
    return new Source.Cookie(
        wire.getName(),
        wire.hasTtl() ? ScalarDecoder.duration(wire.getTtl()) : null,
        wire.getPath(),
        attributes);
  }

  static PathRewrite.Regex regexRewrite(RegexMatchAndSubstitute wire, Field at)
      throws InvalidResourceException {
    var pattern =
        RouteMatchDecoder.regex(wire.getPattern().getRegex(), at.at("pattern").at("regex"));
    return new PathRewrite.Regex(
        pattern, substitution(wire.getSubstitution(), pattern.groupCount(), at.at("substitution")));
  }

  /// RE2's `\1` and `\\`, checked, in the words of Java's `$1`.
  private static String substitution(String text, int groups, Field at)
      throws InvalidResourceException {
    var java = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '$') {
        java.append("\\$");
      } else if (character != '\\') {
        java.append(character);
      } else {
        i++;
        at.require(i < text.length(), "Rewrite schema error: '\\' not allowed at end.");
        char next = text.charAt(i);
        at.require(
            next == '\\' || Character.isDigit(next),
            "Rewrite schema error: '\\' must be followed by a digit or '\\'.");
        at.require(
            next == '\\' || next - '0' <= groups,
            "Rewrite schema requests %s matches, but the regexp only has %s parenthesized"
                    .formatted(next, groups)
                + " subexpressions.");
        java.append(next == '\\' ? "\\\\" : "$" + next);
      }
    }
    return java.toString();
  }
}
