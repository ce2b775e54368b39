package dev.weir.http.router;

import dev.weir.config.http.RetryConfig;
import dev.weir.config.http.RetryConfig.On;
import dev.weir.config.http.RetryConfig.RateLimited.ResetHeader;
import dev.weir.http.route.HeaderTests;
import dev.weir.http.route.HeaderText;
import dev.weir.http.route.RetryRules;
import dev.weir.upstream.CircuitBreaker;
import dev.weir.upstream.http.ResetReason;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Decides whether one request is sent once more. Its worker only.
///
/// What the request's `x-envoy-retry-on`, `x-envoy-retry-grpc-on` and `x-envoy-max-retries` say is
/// added to what its route says.
final class RetryState {
  private static final AsciiString RETRY_ON = AsciiString.cached("x-envoy-retry-on");
  private static final AsciiString RETRY_GRPC_ON = AsciiString.cached("x-envoy-retry-grpc-on");
  private static final AsciiString MAX_RETRIES = AsciiString.cached("x-envoy-max-retries");
  private static final AsciiString STATUS_CODES =
      AsciiString.cached("x-envoy-retriable-status-codes");
  private static final AsciiString HEADER_NAMES =
      AsciiString.cached("x-envoy-retriable-header-names");
  private static final List<AsciiString> HEADERS =
      List.of(RETRY_ON, RETRY_GRPC_ON, MAX_RETRIES, STATUS_CODES, HEADER_NAMES);
  private static final AsciiString RATE_LIMITED = AsciiString.cached("x-envoy-ratelimited");
  private static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");

  private final Set<On> on = EnumSet.noneOf(On.class);
  private final Set<Integer> statuses = new HashSet<>();
  private final RetryConfig.Backoff backoff;
  private final @Nullable HeaderTests responseHeaders;
  private final RetryConfig.@Nullable RateLimited rateLimited;
  private final CircuitBreaker breaker;
  private final RequestCounts counts;
  private final Set<AsciiString> headerNames = new HashSet<>(0);
  private boolean holdsPlace;
  private int left;
  private int made;

  /// What came of asking for another attempt.
  enum Take {
    TAKEN,
    /// None was wanted.
    NONE,
    /// There were as many as may be.
    EXHAUSTED,
    /// The cluster has as many repeated requests as it may (`max_retries`).
    OVERFLOW
  }

  private RetryState(
      @Nullable RetryRules rules,
      CircuitBreaker breaker,
      RequestCounts counts,
      Http2Headers request) {
    this.breaker = breaker;
    this.counts = counts;
    rateLimited = rules == null ? null : rules.config().rateLimited();
    backoff = rules == null ? RetryConfig.Backoff.DEFAULT : rules.config().backoff();
    responseHeaders = rules == null ? null : rules.responseHeaders();
    left = 1;
    if (rules != null) {
      on.addAll(rules.on());
      statuses.addAll(rules.config().statuses());
      left = rules.config().max();
      if (!rules.requestHeaders().isEmpty() && !rules.requestHeaders().any(request)) {
        on.clear();
      }
    }
    addWords(request.get(RETRY_ON));
    addWords(request.get(RETRY_GRPC_ON));
    addStatuses(request.get(STATUS_CODES));
    addNames(request.get(HEADER_NAMES));
    var max = number(request.get(MAX_RETRIES));
    if (max != null) {
      left = max;
    }
  }

  /// What may be retried of a request; null for nothing.
  static @Nullable RetryState of(Forwarding.Way way, RequestCounts counts, Http2Headers request) {
    var rules = way.route().retry();
    boolean asked = request.contains(RETRY_ON) || request.contains(RETRY_GRPC_ON);
    if (rules == null && !asked) {
      return null;
    }
    var state =
        new RetryState(
            rules, way.cluster().breaker(way.forward().handling().highPriority()), counts, request);
    return state.on.isEmpty() ? null : state;
  }

  /// Headers that are meant for us alone.
  static void strip(Http2Headers request) {
    for (var name : HEADERS) {
      request.remove(name);
    }
  }

  private void addWords(@Nullable CharSequence words) {
    if (words == null) {
      return;
    }
    for (var word : words.toString().split(",", -1)) {
      for (var reason : On.values()) {
        if (reason.word().equals(word.strip())) {
          on.add(reason);
        }
      }
    }
  }

  private void addStatuses(@Nullable CharSequence codes) {
    if (codes == null) {
      return;
    }
    for (var code : codes.toString().split(",", -1)) {
      var status = number(code.strip());
      if (status != null) {
        statuses.add(status);
      }
    }
  }

  private void addNames(@Nullable CharSequence names) {
    if (names != null) {
      for (var name : names.toString().split(",", -1)) {
        headerNames.add(HeaderText.name(name.strip().toLowerCase(Locale.ROOT)));
      }
    }
  }

  private static @Nullable Integer number(@Nullable CharSequence text) {
    try {
      return text == null ? null : (Integer) Integer.parseUnsignedInt(text.toString());
    } catch (NumberFormatException _) {
      return null;
    }
  }

  /// Whether this end asks for another attempt.
  ///
  /// @param sent whether anything of the request has gone to the host
  boolean wants(ResetReason reason, boolean sent) {
    return switch (reason) {
      case OVERFLOW -> false;
      case REMOTE_REFUSED_STREAM_RESET -> on.contains(On.REFUSED_STREAM) || wantsAnyReset(sent);
      case LOCAL_CONNECTION_FAILURE, REMOTE_CONNECTION_FAILURE, CONNECTION_TIMEOUT ->
          on.contains(On.CONNECT_FAILURE) || wantsAnyReset(sent);
      default -> wantsAnyReset(sent);
    };
  }

  private boolean wantsAnyReset(boolean sent) {
    return on.contains(On.FIVE_XX)
        || on.contains(On.GATEWAY_ERROR)
        || on.contains(On.RESET)
        || (on.contains(On.RESET_BEFORE_REQUEST) && !sent);
  }

  /// Whether an attempt that took too long asks for another.
  boolean wantsAfterTimeout() {
    return wantsAnyReset(true);
  }

  /// Whether this response asks for another attempt.
  boolean wants(Http2Headers response, int status) {
    if (response.contains(RATE_LIMITED) && !on.contains(On.ENVOY_RATE_LIMITED)) {
      return false;
    }
    return (on.contains(On.FIVE_XX) && status >= 500 && status < 600)
        || (on.contains(On.GATEWAY_ERROR) && status >= 502 && status <= 504)
        || (on.contains(On.RETRIABLE_4XX) && status == 409)
        || (on.contains(On.ENVOY_RATE_LIMITED) && response.contains(RATE_LIMITED))
        || (on.contains(On.RETRIABLE_STATUS_CODES) && statuses.contains(status))
        || (on.contains(On.RETRIABLE_HEADERS) && hasRetriableHeader(response))
        || wantsGrpc(response.get(GRPC_STATUS));
  }

  private boolean hasRetriableHeader(Http2Headers response) {
    for (var name : headerNames) {
      if (response.contains(name)) {
        return true;
      }
    }
    return responseHeaders != null && responseHeaders.any(response);
  }

  private boolean wantsGrpc(@Nullable CharSequence status) {
    var code = number(status);
    if (code == null) {
      return false;
    }
    return switch (code) {
      case 1 -> on.contains(On.CANCELLED);
      case 4 -> on.contains(On.DEADLINE_EXCEEDED);
      case 8 -> on.contains(On.RESOURCE_EXHAUSTED);
      case 13 -> on.contains(On.INTERNAL);
      case 14 -> on.contains(On.UNAVAILABLE);
      default -> false;
    };
  }

  /// Takes one of the attempts that are left, if that is wanted and the cluster's limits allow it,
  /// and counts what came of that. Whatever is not worth another attempt was a success of the last.
  Take take(boolean wanted) {
    if (!wanted && holdsPlace) {
      counts.count("upstream_rq_retry_success");
    }
    release();
    if (!wanted) {
      return Take.NONE;
    }
    if (left == 0) {
      counts.count("upstream_rq_retry_limit_exceeded");
      return Take.EXHAUSTED;
    }
    left--;
    if (!breaker.tryRetry()) {
      counts.count("upstream_rq_retry_overflow");
      return Take.OVERFLOW;
    }
    holdsPlace = true;
    made++;
    counts.count("upstream_rq_retry");
    return Take.TAKEN;
  }

  /// There will be no further attempt.
  void end() {
    release();
  }

  private void release() {
    if (holdsPlace) {
      holdsPlace = false;
      breaker.retryEnded();
    }
  }

  /// How many further attempts were made.
  int made() {
    return made;
  }

  /// How long to wait before the attempt that was taken last, in milliseconds.
  long pause() {
    counts.countAtCluster("upstream_rq_retry_backoff_exponential");
    long base = backoff.base().toMillis();
    long ceiling = Math.min(base << Math.min(made - 1, 20), backoff.max().toMillis());
    return ThreadLocalRandom.current().nextLong(Math.max(1, ceiling));
  }

  /// How long to wait after this response, which may say it itself.
  long pause(Http2Headers response) {
    if (rateLimited != null) {
      for (var header : rateLimited.headers()) {
        long told = told(header, response);
        if (told > 1 && told <= rateLimited.max().toMillis()) {
          counts.countAtCluster("upstream_rq_retry_backoff_ratelimited");
          // Not all at once: up to half as long again.
          return told + ThreadLocalRandom.current().nextLong(told / 2 + 1);
        }
      }
    }
    return pause();
  }

  private static long told(ResetHeader header, Http2Headers response) {
    var value = number(response.get(HeaderText.name(header.name())));
    if (value == null) {
      return -1;
    }
    long seconds = header.timestamp() ? value - System.currentTimeMillis() / 1000 : value;
    return seconds * 1000;
  }
}
