package dev.weir.upstream.health;

import dev.weir.config.HealthCheckConfig.Thresholds;
import dev.weir.upstream.health.ProbeOutcome.Failed;
import dev.weir.upstream.health.ProbeOutcome.FailureType;
import dev.weir.upstream.health.ProbeOutcome.Passed;
import dev.weir.upstream.host.Host;
import dev.weir.xds.SerialLoop.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What one check knows of one host, and the wait for its next result. Main loop only.
///
/// A host begins as failed, and its first result alone decides. After that it takes as many results
/// in a row as the thresholds say, but for a bad answer, which makes it unhealthy at once unless it
/// is one of the retriable ones.
final class HealthSession implements Prober.Listener {
  private final HealthChecker checker;
  private final Host host;
  private final HostVerdict verdict;
  private final Thresholds thresholds;
  private final Prober prober;
  private @Nullable Cancellable timer;
  private boolean asking;
  private boolean stopped;
  private int round;
  private boolean first = true;
  private long passes;
  private long failures;
  private boolean failed = true;
  private boolean degraded;
  private boolean timedOut;
  private boolean excluded;

  HealthSession(HealthChecker checker, Host host, HostVerdict verdict) {
    this.checker = checker;
    this.host = host;
    this.verdict = verdict;
    this.thresholds = checker.config().thresholds();
    this.prober = checker.probers().make(host, this);
  }

  void start() {
    var pause = checker.times().first();
    if (pause.isZero()) {
      ask();
    } else {
      later(pause, this::ask);
    }
  }

  private void later(Duration pause, Runnable task) {
    timer = checker.main().schedule(pause, task);
  }

  private void ask() {
    asking = true;
    round++;
    checker.stats().attempt.increment();
    prober.ask(round);
  }

  @Override
  public void onOutcome(int answered, ProbeOutcome outcome) {
    checker.main().execute(() -> answered(answered, outcome));
  }

  private void answered(int answered, ProbeOutcome outcome) {
    boolean lost = !asking && outcome instanceof Failed;
    if (!stopped && answered == round && (asking || lost)) {
      take(outcome);
    }
  }

  private void take(ProbeOutcome outcome) {
    asking = false;
    cancelTimer();
    boolean edge =
        switch (outcome) {
          case Passed passed -> pass(passed);
          case Failed failure -> fail(failure);
        };
    boolean passed = outcome instanceof Passed;
    first = false;
    verdict.reached(passed);
    if (!stopped) {
      later(checker.times().next(passed, edge), this::ask);
    }
  }

  /// The answer to a request says that the host is not well. The next check comes as planned.
  void failNow() {
    fail(Failed.PASSIVE);
    first = false;
    verdict.reached(false);
  }

  /// @return whether the host needs further such results to become healthy
  private boolean pass(Passed result) {
    failures = 0;
    boolean edge = false;
    boolean back = false;
    if (failed) {
      if (first || ++passes == thresholds.healthy()) {
        back = true;
        failed = false;
        timedOut = false;
        excluded = false;
        checker.stats().healthy.increment();
        checker.events().healthy(host, first);
      } else {
        edge = true;
      }
    }
    if (degraded != result.degraded()) {
      degraded = result.degraded();
      checker.stats().degraded.add(degraded ? 1 : -1);
      checker.events().degraded(host, degraded);
    }
    if (!back) { // or else the event above has said it
      checker.events().passed(host);
    }
    checker.stats().success.increment();
    return edge;
  }

  /// @return whether the host needs further such results to become unhealthy
  private boolean fail(Failed failure) {
    passes = 0;
    boolean edge = false;
    if (!failed) {
      boolean atOnce = !failure.type().isOfTheNetwork() && !failure.retriable();
      if (atOnce || ++failures == thresholds.unhealthy()) {
        failed = true;
        checker.stats().healthy.decrement();
        checker.events().unhealthy(host, failure);
      } else {
        edge = true;
      }
    }
    timedOut = failed && failure.type() == FailureType.NETWORK_TIMEOUT;
    excluded |= failure.excluded();
    checker.events().failed(host, failure, first);
    checker.stats().failure.increment();
    if (failure.type().isOfTheNetwork()) {
      checker.stats().networkFailure.increment();
    } else if (failure.type() == FailureType.PASSIVE) {
      checker.stats().passiveFailure.increment();
    }
    return edge;
  }

  /// Asks no more.
  void stop() {
    stopped = true;
    cancelTimer();
    prober.stop();
    if (!failed) {
      checker.stats().healthy.decrement();
    }
    if (degraded) {
      checker.stats().degraded.decrement();
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  boolean unchecked() {
    return first;
  }

  boolean isFailed() {
    return failed;
  }

  boolean isDegraded() {
    return degraded;
  }

  boolean isTimedOut() {
    return timedOut;
  }

  boolean isExcluded() {
    return excluded;
  }
}
