package dev.weir.http.router;

import dev.weir.http.Names;
import dev.weir.http.filter.FilterStream;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.upstream.http.ResetReason;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// Whether one request is made again, and how that is told to the host. Its worker only.
final class Repeats {
  private final FilterStream stream;
  private final Forwarding.Way way;
  private final ForwardingTimes times;
  private @Nullable RetryState retry;
  private int made;
  private boolean afterTimeout;
  private boolean redirects;

  Repeats(FilterStream stream, Forwarding.Way way, ForwardingTimes times) {
    this.stream = stream;
    this.way = way;
    this.times = times;
    this.redirects = way.forward().handling().redirects() != null;
  }

  /// Reads what the request's head says of retries, and takes it out.
  void begin(RequestCounts counts, Http2Headers headers) {
    retry = RetryState.of(way, counts, headers);
    RetryState.strip(headers);
  }

  /// Has the host know that this is the first attempt, where it is to know.
  void count(Http2Headers headers) {
    if (inRequest()) {
      headers.set(Names.ATTEMPT_COUNT, "1");
    }
  }

  private boolean inRequest() {
    return way.route().host().config().attemptCount().inRequest();
  }

  /// How many further attempts were made.
  int made() {
    return retry == null ? made : retry.made();
  }

  /// Whether the request may be needed again.
  boolean isPossible() {
    return retry != null || redirects;
  }

  /// Whether redirects are followed here.
  boolean followsRedirects() {
    return redirects;
  }

  /// There will be no further attempt.
  void forget() {
    redirects = false;
    if (retry != null) {
      made = retry.made();
      retry.end();
      retry = null;
    }
  }

  /// Whether an attempt that failed, after the request has gone out or before, asks for another.
  boolean wants(ResetReason reason, boolean sent) {
    return retry != null && retry.wants(reason, sent);
  }

  /// Whether an attempt that took too long asks for another.
  boolean wantsAfterTimeout() {
    return retry != null && retry.wantsAfterTimeout();
  }

  /// Whether a response asks for another attempt.
  boolean wants(Http2Headers response, int status) {
    return retry != null && retry.wants(response, status);
  }

  /// Sees to another attempt, if one is wanted and left.
  ///
  /// @param response what was answered; null if it was nothing
  /// @param now in milliseconds of the worker's clock
  /// @return whether there will be one
  boolean take(boolean wanted, @Nullable Http2Headers response, long now) {
    if (retry == null) {
      return false;
    }
    switch (retry.take(wanted)) {
      case NONE -> {}
      case EXHAUSTED -> stream.record().flag(ResponseFlag.URX);
      case OVERFLOW -> stream.record().flag(ResponseFlag.UO);
      case TAKEN -> {
        long pause = response == null ? retry.pause() : retry.pause(response);
        times.retryAt(now + Math.max(1, pause));
        return true;
      }
    }
    return false;
  }

  /// The next attempt, if there is one, follows one that took too long.
  void timedOut() {
    afterTimeout = true;
  }

  /// An attempt begins.
  void next(Http2Headers headers, long now) {
    if (made() > 0) {
      tell(headers, now);
    }
    afterTimeout = false;
  }

  private void tell(Http2Headers headers, long now) {
    if (inRequest()) {
      headers.set(Names.ATTEMPT_COUNT, Integer.toString(made() + 1));
    }
    if (way.route().host().config().attemptCount().afterTimeout()) {
      headers.set(Names.IS_TIMEOUT_RETRY, Boolean.toString(afterTimeout));
    }
    long left = times.left(now);
    if (left >= 0 && headers.contains(Names.EXPECTED_TIMEOUT)) {
      headers.set(Names.EXPECTED_TIMEOUT, Long.toString(left));
    }
  }
}
