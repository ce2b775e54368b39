package dev.weir.config.http;

import com.google.protobuf.Any;
import dev.weir.config.ExtensionDecoder;
import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.RetryConfig.Backoff;
import dev.weir.config.http.RetryConfig.On;
import dev.weir.config.http.RetryConfig.RateLimited;
import dev.weir.proto.NewerFields;
import dev.weir.proto.WireTypes;
import dev.weir.proto.newer.NewerRetryPolicy;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Makes [RetryConfig]s.
final class RetryDecoder {
  private static final String PREVIOUS_HOSTS =
      "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate";
  private static final String HOSTS = "envoy.extensions.retry.host.";
  private static final String PRIORITIES = "envoy.extensions.retry.priority.";
  private static final String OPTIONS = "envoy.extensions.";
  private static final int BACKOFF_FACTOR = 10;
  private static final Duration MAX_RATE_LIMITED = Duration.ofMinutes(5);
  private static final Map<String, On> BY_WORD = new TreeMap<>();

  static {
    for (var on : On.values()) {
      BY_WORD.put(on.word(), on);
    }
  }

  private RetryDecoder() {}

  static RetryConfig retry(RetryPolicy wire, Field at) throws InvalidResourceException {
    priority(wire, at);
    at.withoutEffect(
        NewerFields.of(wire, NewerRetryPolicy.getDefaultInstance()).getRefreshClusterOnRetry(),
        "refresh_cluster_on_retry");
    for (int i = 0; i < wire.getRetryOptionsPredicatesCount(); i++) {
      var predicate = wire.getRetryOptionsPredicates(i);
      withoutEffect(
          predicate.getName(),
          predicate.getTypedConfig(),
          OPTIONS,
          at.at("retry_options_predicates", i));
    }
    var statuses = new HashSet<>(wire.getRetriableStatusCodesList());
    return new RetryConfig(
        reasons(wire.getRetryOn(), at.at("retry_on")),
        ScalarDecoder.size(wire.hasNumRetries(), wire.getNumRetries(), 1),
        ScalarDecoder.duration(wire.hasPerTryTimeout(), wire.getPerTryTimeout(), Duration.ZERO),
        ScalarDecoder.duration(
            wire.hasPerTryIdleTimeout(), wire.getPerTryIdleTimeout(), Duration.ZERO),
        Set.copyOf(statuses),
        HeaderMatchDecoder.all("retriable_headers", wire.getRetriableHeadersList(), at),
        HeaderMatchDecoder.all(
            "retriable_request_headers", wire.getRetriableRequestHeadersList(), at),
        otherHosts(wire.getRetryHostPredicateList(), at),
        Math.max(1, wire.getHostSelectionRetryMaxAttempts()),
        backoff(wire, at.at("retry_back_off")),
        wire.hasRateLimitedRetryBackOff() ? rateLimited(wire.getRateLimitedRetryBackOff()) : null);
  }

  private static RateLimited rateLimited(RetryPolicy.RateLimitedRetryBackOff wire) {
    return new RateLimited(
        wire.getResetHeadersList().stream()
            .map(header ->
                new RateLimited.ResetHeader(
                    header.getName().toLowerCase(Locale.ROOT),
                    header.getFormat() == RetryPolicy.ResetHeaderFormat.UNIX_TIMESTAMP))
            .toList(),
        ScalarDecoder.duration(wire.hasMaxInterval(), wire.getMaxInterval(), MAX_RATE_LIMITED));
  }

  /// Words that Envoy does not know either are passed over.
  private static Set<On> reasons(String words, Field at) {
    var reasons = EnumSet.noneOf(On.class);
    for (var word : words.split(",", -1)) {
      var reason = BY_WORD.get(word.strip());
      if (reason != null) {
        reasons.add(reason);
      } else if (!word.isBlank()) {
        at.warn("no such reason: " + word.strip());
      }
    }
    return Set.copyOf(reasons);
  }

  private static boolean otherHosts(List<RetryPolicy.RetryHostPredicate> wire, Field at)
      throws InvalidResourceException {
    boolean others = false;
    for (int i = 0; i < wire.size(); i++) {
      var typed = wire.get(i).getTypedConfig();
      if (WireTypes.nameOf(typed.getTypeUrl()).equals(PREVIOUS_HOSTS)) {
        others = true;
      } else {
        withoutEffect(wire.get(i).getName(), typed, HOSTS, at.at("retry_host_predicate", i));
      }
    }
    return others;
  }

  private static void priority(RetryPolicy wire, Field at) throws InvalidResourceException {
    if (wire.hasRetryPriority()) {
      var priority = wire.getRetryPriority();
      withoutEffect(
          priority.getName(), priority.getTypedConfig(), PRIORITIES, at.at("retry_priority"));
    }
  }

  /// Warns of an extension that changes nothing here.
  ///
  /// @throws InvalidResourceException if there is no such extension at all
  private static void withoutEffect(String name, Any typed, String kind, Field at)
      throws InvalidResourceException {
    if (!WireTypes.nameOf(typed.getTypeUrl()).startsWith(kind)) {
      throw ExtensionDecoder.unregistered(name, typed.getTypeUrl(), at);
    }
    at.warn("has no effect");
  }

  private static Backoff backoff(RetryPolicy policy, Field at) {
    if (!policy.hasRetryBackOff()) {
      return Backoff.DEFAULT;
    }
    var wire = policy.getRetryBackOff();
    var base = atLeastOneMilli(ScalarDecoder.duration(wire.getBaseInterval()));
    var max =
        atLeastOneMilli(
            ScalarDecoder.duration(
                wire.hasMaxInterval(), wire.getMaxInterval(), base.multipliedBy(BACKOFF_FACTOR)));
    at.check(
        max.compareTo(base) >= 0,
        "retry_policy.max_interval must greater than or equal to the base_interval");
    return new Backoff(base, max);
  }

  private static Duration atLeastOneMilli(Duration duration) {
    return duration.toMillis() < 1 ? Duration.ofMillis(1) : duration;
  }
}
