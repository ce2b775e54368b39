package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.HttpFilterConfig.LocalRateLimit.Bucket;
import dev.weir.config.http.HttpFilterConfig.LocalRateLimit.Descriptor;
import dev.weir.config.http.HttpFilterConfig.LocalRateLimit.Handling;
import dev.weir.config.http.HttpFilterConfig.LocalRateLimit.HostLimits;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.XRateLimitHeadersRFCVersion;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import java.util.HashSet;
import java.util.List;

/// Makes the configuration of `envoy.filters.http.local_ratelimit`.
final class HttpLocalRateLimitDecoder {
  private static final int TOO_MANY_REQUESTS = 429;

  private HttpLocalRateLimitDecoder() {}

  static HttpFilterConfig.LocalRateLimit decode(LocalRateLimit wire, Field at)
      throws InvalidResourceException {
    at.unsupported(wire.hasLocalClusterRateLimit(), "local_cluster_rate_limit");
    at.withoutEffect(wire.hasMaxDynamicDescriptors(), "max_dynamic_descriptors");
    var descriptors = descriptors(wire, at);
    return new HttpFilterConfig.LocalRateLimit(
        at.path(),
        wire.getStatPrefix(),
        wire.hasTokenBucket()
            ? bucket(wire.getTokenBucket(), "local rate limit", at.at("token_bucket"))
            : null,
        descriptors,
        own(wire, at),
        wire.hasFilterEnabled()
            ? RouteMatchDecoder.share(wire.getFilterEnabled(), at.at("filter_enabled"))
            : Share.NONE,
        wire.hasFilterEnforced()
            ? RouteMatchDecoder.share(wire.getFilterEnforced(), at.at("filter_enforced"))
            : Share.NONE,
        handling(wire, at));
  }

  private static List<RateLimitRule> own(LocalRateLimit wire, Field at) {
    for (int i = 0; i < wire.getRateLimitsCount(); i++) {
      var rule = wire.getRateLimits(i);
      at.at("rate_limits", i)
          .check(
              !rule.hasStage() && rule.getDisableKey().isEmpty(),
              "'stage' field and 'disable_key' field are not supported");
    }
    return RateLimitRuleDecoder.rules(wire.getRateLimitsList(), at);
  }

  private static Handling handling(LocalRateLimit wire, Field at) {
    int status = wire.getStatus().getCodeValue();
    return new Handling(
        status < 400 ? TOO_MANY_REQUESTS : status,
        HeaderRulesDecoder.additions(
            "request_headers_to_add_when_not_enforced",
            wire.getRequestHeadersToAddWhenNotEnforcedList(),
            at),
        HeaderRulesDecoder.additions(
            "response_headers_to_add", wire.getResponseHeadersToAddList(), at),
        wire.getEnableXRatelimitHeaders() == XRateLimitHeadersRFCVersion.DRAFT_VERSION_03,
        wire.getRateLimitedAsResourceExhausted(),
        new HttpFilterConfig.LocalRateLimit.Scope(
            wire.getStage(),
            switch (wire.getVhRateLimits()) {
              case OVERRIDE, UNRECOGNIZED -> HostLimits.UNLESS_ROUTE;
              case INCLUDE -> HostLimits.TOO;
              case IGNORE -> HostLimits.NEVER;
            },
            wire.getLocalRateLimitPerDownstreamConnection(),
            ScalarDecoder.bool(
                wire.hasAlwaysConsumeDefaultTokenBucket(),
                wire.getAlwaysConsumeDefaultTokenBucket(),
                true)));
  }

  private static List<Descriptor> descriptors(LocalRateLimit wire, Field at) {
    var seen = new HashSet<List<RateLimitRule.Entry>>();
    return at.each(
        "descriptors",
        wire.getDescriptorsList(),
        (descriptor, there) -> {
          var made = descriptor(descriptor, there);
          there.require(
              seen.add(made.entries()), "duplicate descriptor in the local rate descriptor");
          return made;
        });
  }

  private static Descriptor descriptor(LocalRateLimitDescriptor wire, Field at) {
    return new Descriptor(
        at.each(
            "entries",
            wire.getEntriesList(),
            (entry, there) -> {
              there.at("value").require(!entry.getValue().isEmpty(), "any value: not supported");
              return new RateLimitRule.Entry(entry.getKey(), entry.getValue());
            }),
        bucket(wire.getTokenBucket(), "local rate limit descriptor", at.at("token_bucket")));
  }

  private static Bucket bucket(TokenBucket bucket, String what, Field at) {
    var interval = ScalarDecoder.duration(bucket.getFillInterval());
    at.check(interval.toMillis() >= 50, what + " token bucket fill timer must be >= 50ms");
    return new Bucket(
        Integer.toUnsignedLong(bucket.getMaxTokens()),
        ScalarDecoder.uint32(bucket.hasTokensPerFill(), bucket.getTokensPerFill(), 1),
        interval);
  }
}
