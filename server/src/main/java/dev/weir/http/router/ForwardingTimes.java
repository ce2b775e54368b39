package dev.weir.http.router;

import dev.weir.transport.TimerWheel;
import org.jspecify.annotations.Nullable;

/// The times by which the forwarding of a request has to have got somewhere, in milliseconds of its
/// worker's clock. Its worker only.
final class ForwardingTimes {
  private static final long NEVER = TimerWheel.NEVER;

  private final RequestTiming timing;
  private final long maxStream;
  private long wholeUntil = NEVER;
  private long retryAt = NEVER;
  private long requestEnd = NEVER;
  private boolean responding;

  /// What it is time for.
  enum Due {
    NOTHING,
    WHOLE,
    RETRY,
    PER_TRY,
    PER_TRY_IDLE,
    MAX_STREAM
  }

  /// @param maxStream how long one attempt may take in all, by the cluster's word; 0 for ever
  ForwardingTimes(RequestTiming timing, long maxStream) {
    this.timing = timing;
    this.maxStream = maxStream;
  }

  RequestTiming timing() {
    return timing;
  }

  void requestEnded(long now) {
    requestEnd = now;
    if (timing.whole() > 0 && !responding) {
      wholeUntil = now + timing.whole();
    }
  }

  boolean isRequestEnded() {
    return requestEnd != NEVER;
  }

  /// How long the host has had, since the end of the request or else of `begin`.
  long since(long begin, long now) {
    return Math.max(0, now - (requestEnd == NEVER ? begin : requestEnd));
  }

  /// A response has begun.
  void responding() {
    responding = true;
  }

  /// The response may take as long as it likes.
  void unlimited() {
    wholeUntil = NEVER;
  }

  /// What is left of the whole time; negative if it is not limited.
  long left(long now) {
    return wholeUntil == NEVER ? -1 : Math.max(1, wholeUntil - now);
  }

  void retryAt(long time) {
    retryAt = time;
  }

  void retrying() {
    retryAt = NEVER;
  }

  /// Whether another attempt is about to be made.
  boolean isRetrying() {
    return retryAt != NEVER;
  }

  /// When to look again.
  long next(@Nullable UpstreamAttempt attempt) {
    long next = Math.min(wholeUntil, retryAt);
    if (attempt == null || attempt.isOver()) {
      return next;
    }
    next = Math.min(next, Math.min(perTryUntil(attempt), perTryIdleUntil(attempt)));
    return Math.min(next, maxStreamUntil(attempt));
  }

  private long perTryUntil(UpstreamAttempt attempt) {
    boolean counts = timing.perTry() > 0 && !responding && isRequestEnded() && !attempt.isSlow();
    return counts ? attempt.started() + timing.perTry() : NEVER;
  }

  private long perTryIdleUntil(UpstreamAttempt attempt) {
    boolean counts = timing.perTryIdle() > 0 && isRequestEnded();
    return counts ? attempt.lastActive() + timing.perTryIdle() : NEVER;
  }

  private long maxStreamUntil(UpstreamAttempt attempt) {
    return maxStream > 0 && attempt.stream() != null ? attempt.readyAt() + maxStream : NEVER;
  }

  Due due(@Nullable UpstreamAttempt attempt, long now) {
    if (wholeUntil <= now) {
      wholeUntil = NEVER;
      return Due.WHOLE;
    }
    if (retryAt <= now) {
      return Due.RETRY;
    }
    if (attempt == null || attempt.isOver()) {
      return Due.NOTHING;
    }
    if (maxStreamUntil(attempt) <= now) {
      return Due.MAX_STREAM;
    }
    if (perTryUntil(attempt) <= now) {
      return Due.PER_TRY;
    }
    return perTryIdleUntil(attempt) <= now ? Due.PER_TRY_IDLE : Due.NOTHING;
  }
}
