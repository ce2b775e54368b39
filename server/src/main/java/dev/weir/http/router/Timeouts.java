package dev.weir.http.router;

import static java.util.Objects.requireNonNull;

import dev.weir.telemetry.ResponseFlag;
import dev.weir.transport.TimerWheel;
import dev.weir.upstream.http.ResetReason;

/// What becomes of a request that takes too long: the timer of its forwarding. Its worker only.
final class Timeouts extends TimerWheel.Node {
  private final Forwarding forwarding;
  private final ForwardingTimes times;
  private final OpenAttempts attempts;
  private final RequestCounts counts;
  private final Answers answers;
  private final boolean alternative;

  /// @param alternative whether the client wants to hear of a timeout by 204
  Timeouts(
      Forwarding forwarding,
      ForwardingTimes times,
      OpenAttempts attempts,
      RequestCounts counts,
      Answers answers,
      boolean alternative) {
    this.forwarding = forwarding;
    this.times = times;
    this.attempts = attempts;
    this.counts = counts;
    this.answers = answers;
    this.alternative = alternative;
  }

  private TimerWheel timers() {
    return forwarding.stream().connection().worker().timers();
  }

  /// Waits for whatever comes next.
  void arm() {
    if (!forwarding.isOver()) {
      timers().arm(this, times.next(attempts.newest()));
    }
  }

  void disarm() {
    timers().disarm(this);
  }

  @Override
  protected void fire() {
    var newest = attempts.newest();
    switch (times.due(newest, forwarding.now())) {
      case NOTHING -> {}
      case WHOLE -> whole();
      case RETRY -> forwarding.attempt();
      case PER_TRY -> attempt(requireNonNull(newest));
      case PER_TRY_IDLE -> {
        counts.countAtCluster("upstream_rq_per_try_idle_timeout");
        end(requireNonNull(newest), "upstream_per_try_idle_timeout");
      }
      case MAX_STREAM -> maxStream(requireNonNull(newest));
    }
    arm();
  }

  private void whole() {
    boolean heard = forwarding.isResponding();
    attempts.each(attempt -> {
      counts.count("upstream_rq_timeout");
      attempt.timedOut(heard);
      if (!heard) {
        answers.failed(status(), attempt);
      }
      attempt.abandon();
    });
    giveUp("response_timeout");
  }

  /// With hedging, it goes on beside another one.
  private void attempt(UpstreamAttempt slow) {
    if (times.timing().hedges()) {
      slow.slow();
      forwarding.repeats().timedOut();
      if (forwarding.again(true, null)) {
        slow.hedge();
      }
    } else {
      counts.countAtCluster("upstream_rq_per_try_timeout");
      end(slow, "upstream_per_try_timeout");
    }
  }

  private void end(UpstreamAttempt slow, String details) {
    boolean heard = forwarding.isResponding();
    slow.timedOut(heard);
    slow.abandon();
    forwarding.repeats().timedOut();
    if (!heard) {
      if (forwarding.again(forwarding.repeats().wantsAfterTimeout(), null)) {
        slow.failed();
        return;
      }
      answers.failed(status(), slow);
    }
    giveUp(details);
  }

  private int status() {
    return alternative ? 204 : 504;
  }

  private void giveUp(String details) {
    if (forwarding.isResponding()) {
      forwarding.brokenOff(ResponseFlag.UT, details);
      return;
    }
    forwarding.stream().record().flag(ResponseFlag.UT);
    forwarding.answer(status(), alternative ? "" : "upstream request timeout", details);
  }

  private void maxStream(UpstreamAttempt made) {
    var details = "upstream_max_stream_duration_reached";
    counts.countAtCluster("upstream_rq_max_duration_reached");
    made.abandon();
    if (forwarding.isResponding()) {
      forwarding.brokenOff(ResponseFlag.UMSDR, details);
      return;
    }
    if (forwarding.again(forwarding.repeats().wants(ResetReason.LOCAL_RESET, true), null)) {
      made.failed();
      return;
    }
    forwarding.stream().record().flag(ResponseFlag.UMSDR);
    int status = times.isRequestEnded() ? 504 : 408;
    forwarding.answer(status, "upstream max stream duration reached", details);
  }
}
