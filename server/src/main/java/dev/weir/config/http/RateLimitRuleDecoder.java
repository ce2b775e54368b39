package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.RateLimitRule.Action;
import dev.weir.config.http.RateLimitRule.Entry;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import java.util.List;
import java.util.Locale;

/// Makes [RateLimitRule]s.
final class RateLimitRuleDecoder {
  private RateLimitRuleDecoder() {}

  static List<RateLimitRule> rules(List<RateLimit> wire, Field at) {
    return at.each("rate_limits", wire, RateLimitRuleDecoder::rule);
  }

  private static RateLimitRule rule(RateLimit wire, Field at) {
    at.withoutEffect(!wire.getDisableKey().isEmpty(), "disable_key");
    at.unsupported(wire.hasLimit(), "limit");
    at.unsupported(wire.hasHitsAddend(), "hits_addend");
    at.unsupported(wire.getApplyOnStreamDone(), "apply_on_stream_done");
    return new RateLimitRule(
        wire.getStage().getValue(),
        at.each("actions", wire.getActionsList(), RateLimitRuleDecoder::action));
  }

  private static Action action(RateLimit.Action wire, Field at) throws InvalidResourceException {
    return switch (wire.getActionSpecifierCase()) {
      case GENERIC_KEY -> {
        var key = wire.getGenericKey();
        yield new Action.Constant(
            entry(
                key.getDescriptorKey(),
                "generic_key",
                key.getDescriptorValue(),
                at.at("generic_key")));
      }
      case REQUEST_HEADERS -> {
        var header = wire.getRequestHeaders();
        yield new Action.Header(
            header.getDescriptorKey(),
            header.getHeaderName().toLowerCase(Locale.ROOT),
            header.getSkipIfAbsent());
      }
      case QUERY_PARAMETERS -> {
        var query = wire.getQueryParameters();
        yield new Action.Query(
            query.getDescriptorKey(), query.getQueryParameterName(), query.getSkipIfAbsent());
      }
      case REMOTE_ADDRESS -> new Action.RemoteAddress();
      case DESTINATION_CLUSTER -> new Action.DestinationCluster();
      case HEADER_VALUE_MATCH -> headersMatch(wire, at.at("header_value_match"));
      case ACTIONSPECIFIER_NOT_SET -> throw at.invalid("action_specifier is required");
      default ->
          throw at.at(wire.getActionSpecifierCase().name().toLowerCase(Locale.ROOT))
              .invalid("not supported");
    };
  }

  private static Action headersMatch(RateLimit.Action wire, Field at)
      throws InvalidResourceException {
    var match = wire.getHeaderValueMatch();
    return new Action.HeadersMatch(
        entry(match.getDescriptorKey(), "header_match", match.getDescriptorValue(), at),
        ScalarDecoder.bool(match.hasExpectMatch(), match.getExpectMatch(), true),
        HeaderMatchDecoder.all("headers", match.getHeadersList(), at));
  }

  private static Entry entry(String key, String usual, String value, Field at)
      throws InvalidResourceException {
    at.at("descriptor_value").require(!value.contains("%"), "operators are not supported");
    return new Entry(key.isEmpty() ? usual : key, value);
  }
}
