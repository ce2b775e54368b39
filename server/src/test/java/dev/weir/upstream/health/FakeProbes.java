package dev.weir.upstream.health;

import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.Stats;
import dev.weir.transport.EventLoops;
import dev.weir.upstream.ClusterFactory;
import dev.weir.upstream.host.Host;
import dev.weir.xds.SerialLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Checks that ask nobody: the test gives the answers.
public final class FakeProbes {
  private final List<Question> open = new ArrayList<>();

  private record Question(String host, int round, Prober.Listener listener) {}

  /// What a cluster factory wants, with these checks.
  public ClusterFactory.Health health(SerialLoop main, Stats stats) {
    var logs = logs(stats);
    return new ClusterFactory.Health(
        new HealthCheckMaker(
            main,
            new SplittableRandom(1),
            logs,
            (check, _, _) ->
                (host, listener) -> prober(main, check.schedule().timeout(), host, listener)),
        logs,
        "");
  }

  /// The same with checks over real connections.
  public static ClusterFactory.Health real(SerialLoop main, Stats stats, EventLoops side) {
    var logs = logs(stats);
    return new ClusterFactory.Health(
        new HealthCheckMaker(
            new HealthCheckMaker.Dependencies(
                main, new SplittableRandom(), side.workers().getFirst(), logs)),
        logs,
        "");
  }

  private static AccessLogSinks logs(Stats stats) {
    return new AccessLogSinks(stats, Duration.ofMillis(20), 1 << 16, (_, _) -> _ -> true);
  }

  private Prober prober(SerialLoop main, Duration timeout, Host host, Prober.Listener listener) {
    var name = host.toString();
    return new Prober() {
      @Override
      public void ask(int round) {
        var question = new Question(name, round, listener);
        open.add(question);
        main.schedule(timeout, () -> timeOut(question));
      }

      @Override
      @SuppressWarnings("ReferenceEquality") // whose question it is
      public void stop() {
        open.removeIf(question -> question.listener == listener);
      }
    };
  }

  private void timeOut(Question question) {
    if (open.remove(question)) {
      question.listener.onOutcome(question.round, ProbeOutcome.Failed.TIMEOUT);
    }
  }

  /// Whether the host is being asked.
  public boolean asks(String host) {
    return open.stream().anyMatch(question -> question.host.equals(host));
  }

  /// The host is well.
  public void pass(String host) {
    answer(host, new ProbeOutcome.Passed(false));
  }

  /// The host is degraded.
  public void degrade(String host) {
    answer(host, new ProbeOutcome.Passed(true));
  }

  /// The host cannot be reached.
  public void fail(String host) {
    answer(host, ProbeOutcome.Failed.NETWORK);
  }

  /// The host gives a bad answer.
  public void refuse(String host, boolean retriable) {
    answer(
        host, new ProbeOutcome.Failed(ProbeOutcome.FailureType.ACTIVE, 500, retriable, !retriable));
  }

  private void answer(String host, ProbeOutcome outcome) {
    var question = open.stream().filter(it -> it.host.equals(host)).findFirst().orElseThrow();
    open.remove(question);
    question.listener.onOutcome(question.round, outcome);
  }
}
