package dev.weir.config.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When a request is sent once more (`config.route.v3.RetryPolicy`).
///
/// @param max further attempts, at most
/// @param perTryTimeout zero for none
/// @param perTryIdleTimeout zero for none
/// @param statuses that `RETRIABLE_STATUS_CODES` speaks of
/// @param responseHeaders that `RETRIABLE_HEADERS` speaks of
/// @param requestHeaders of which one has to match; empty for any request
/// @param otherHosts whether hosts that were tried before are avoided (`previous_hosts`)
/// @param hostPicks how often another host is looked for, at most
/// @param rateLimited null for pauses by `backoff` alone
public record RetryConfig(
    Set<On> on,
    int max,
    Duration perTryTimeout,
    Duration perTryIdleTimeout,
    Set<Integer> statuses,
    List<HeaderMatch> responseHeaders,
    List<HeaderMatch> requestHeaders,
    boolean otherHosts,
    long hostPicks,
    Backoff backoff,
    @Nullable RateLimited rateLimited) {

  /// How long to wait where the response says so (`rate_limited_retry_back_off`).
  ///
  /// @param headers that say it, the first one that does
  /// @param max a response that asks for more is not heeded
  public record RateLimited(List<ResetHeader> headers, Duration max) {

    /// A header with a time.
    ///
    /// @param name in lower case
    /// @param timestamp whether it is seconds since 1970; otherwise from now on
    public record ResetHeader(String name, boolean timestamp) {}
  }

  /// A reason to try again: the words of `retry_on` and `x-envoy-retry-on`.
  public enum On {
    FIVE_XX("5xx"),
    GATEWAY_ERROR("gateway-error"),
    CONNECT_FAILURE("connect-failure"),
    ENVOY_RATE_LIMITED("envoy-ratelimited"),
    RETRIABLE_4XX("retriable-4xx"),
    REFUSED_STREAM("refused-stream"),
    RETRIABLE_STATUS_CODES("retriable-status-codes"),
    RETRIABLE_HEADERS("retriable-headers"),
    RESET("reset"),
    RESET_BEFORE_REQUEST("reset-before-request"),
    HTTP3_POST_CONNECT_FAILURE("http3-post-connect-failure"),
    CANCELLED("cancelled"),
    DEADLINE_EXCEEDED("deadline-exceeded"),
    INTERNAL("internal"),
    RESOURCE_EXHAUSTED("resource-exhausted"),
    UNAVAILABLE("unavailable");

    private final String word;

    On(String word) {
      this.word = word;
    }

    /// What configuration and headers call it.
    public String word() {
      return word;
    }
  }

  /// Pauses between attempts, doubling with full jitter.
  public record Backoff(Duration base, Duration max) {
    /// What holds where nothing is said.
    public static final Backoff DEFAULT =
        new Backoff(Duration.ofMillis(25), Duration.ofMillis(250));
  }
}
