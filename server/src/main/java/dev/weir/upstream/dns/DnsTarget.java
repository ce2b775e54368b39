package dev.weir.upstream.dns;

import dev.weir.config.ClusterConfig.DnsConfig;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.dns.NameResolver.Question;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.SerialLoop.Cancellable;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A name that is resolved again and again. Main loop only.
public final class DnsTarget {
  private final Setting setting;
  private final Question question;
  private final Owner owner;
  private @Nullable Cancellable next;
  private @Nullable Cancellable limit;
  private Duration failurePause;

  /// The number of the question whose answer is waited for.
  private int asked;

  private boolean stopped;

  /// What names are resolved with.
  ///
  /// @param scope where attempts are counted
  /// @param counted what their counters begin with: `update` or `dns_query`
  public record Setting(
      SerialLoop main,
      NameResolver resolver,
      RandomGenerator random,
      DnsConfig config,
      StatScope scope,
      String counted) {

    void count(String what) {
      scope.counter(counted + what).increment();
    }
  }

  /// Who wants to know.
  @FunctionalInterface
  public interface Owner {
    /// Gets every answer.
    void take(Answer answer);

    /// Whether to ask once more; if not, nobody is asked any more.
    default boolean goesOn() {
      return true;
    }

    /// How long an answer is waited for; zero for as long as the resolver does.
    default Duration patience() {
      return Duration.ZERO;
    }
  }

  /// @param owner gets every answer
  public DnsTarget(Setting setting, String name, Owner owner) {
    this.setting = setting;
    this.question = new Question(name, setting.config.family(), setting.config.options().servers());
    this.owner = owner;
    this.failurePause = setting.config.failureBase();
  }

  /// Asks, and goes on to ask.
  public void start() {
    setting.count("_attempt");
    int mine = ++asked;
    if (owner.patience().isPositive()) {
      limit = setting.main.schedule(owner.patience(), this::timedOut);
    }
    setting.resolver.resolve(
        question,
        answer -> {
          if (mine == asked && !stopped) {
            take(answer);
          }
        });
  }

  private void timedOut() {
    setting.count("_timeout");
    asked++;
    take(new Answer.Failed("no answer in time"));
  }

  private void again() {
    if (owner.goesOn()) {
      start();
    }
  }

  private void take(Answer answer) {
    if (limit != null) {
      limit.cancel();
      limit = null;
    }
    var pause =
        switch (answer) {
          case Answer.Found found -> {
            setting.count("_success");
            failurePause = setting.config.failureBase();
            yield pauseAfter(found);
          }
          case Answer.Failed _ -> {
            setting.count("_failure");
            yield pauseAfterFailure();
          }
        };
    next = setting.main.schedule(pause, this::again);
    owner.take(answer);
  }

  private Duration pauseAfter(Answer.Found found) {
    var options = setting.config.options();
    var pause = setting.config.refreshRate();
    if (options.respectTtl() && found.ttl().isPositive()) {
      var least = options.minRefreshRate();
      pause = found.ttl().compareTo(least) < 0 ? least : found.ttl();
    }
    return setting.config.jitter().isPositive() ? pause.plus(part(setting.config.jitter())) : pause;
  }

  /// Doubles from base to maximum, each time with full jitter; fixed where both are the same.
  private Duration pauseAfterFailure() {
    var base = setting.config.failureBase();
    var most = setting.config.failureMax();
    if (base.equals(most)) {
      return base;
    }
    var pause = part(failurePause);
    var doubled = failurePause.multipliedBy(2);
    failurePause = doubled.compareTo(most) > 0 ? most : doubled;
    return pause;
  }

  private Duration part(Duration whole) {
    return Duration.ofMillis(setting.random.nextLong(Math.max(1, whole.toMillis())));
  }

  /// Asks no more.
  public void stop() {
    stopped = true;
    if (next != null) {
      next.cancel();
    }
    if (limit != null) {
      limit.cancel();
    }
  }
}
