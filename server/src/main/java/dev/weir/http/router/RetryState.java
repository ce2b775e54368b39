package dev.weir.http.router;

import dev.weir.config.http.RetryConfig;
import dev.weir.config.http.RetryConfig.On;
import dev.weir.http.route.HeaderTests;
import dev.weir.http.route.RetryRules;
import dev.weir.upstream.http.ResetReason;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
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
  private static final AsciiString RATE_LIMITED = AsciiString.cached("x-envoy-ratelimited");
  private static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");

  private final Set<On> on = EnumSet.noneOf(On.class);
  private final Set<Integer> statuses = new HashSet<>();
  private final RetryConfig.Backoff backoff;
  private final @Nullable HeaderTests responseHeaders;
  private int left;
  private int made;

  private RetryState(@Nullable RetryRules rules, Http2Headers request) {
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
    var max = number(request.get(MAX_RETRIES));
    if (max != null) {
      left = max;
    }
  }

  /// What may be retried of a request; null for nothing.
  static @Nullable RetryState of(@Nullable RetryRules rules, Http2Headers request) {
    boolean asked = request.contains(RETRY_ON) || request.contains(RETRY_GRPC_ON);
    if (rules == null && !asked) {
      return null;
    }
    var state = new RetryState(rules, request);
    return state.on.isEmpty() ? null : state;
  }

  /// Headers that are meant for us alone.
  static void strip(Http2Headers request) {
    for (var name : List.of(RETRY_ON, RETRY_GRPC_ON, MAX_RETRIES, STATUS_CODES)) {
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
        || (on.contains(On.RETRIABLE_HEADERS)
            && responseHeaders != null
            && responseHeaders.any(response))
        || wantsGrpc(response.get(GRPC_STATUS));
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

  /// Takes one of the attempts that are left.
  ///
  /// @return whether there was one
  boolean take() {
    if (left == 0) {
      return false;
    }
    left--;
    made++;
    return true;
  }

  /// How many further attempts were made.
  int made() {
    return made;
  }

  /// How long to wait before the attempt that was taken last, in milliseconds.
  long pause() {
    long base = backoff.base().toMillis();
    long ceiling = Math.min(base << Math.min(made - 1, 20), backoff.max().toMillis());
    return ThreadLocalRandom.current().nextLong(Math.max(1, ceiling));
  }
}
