package dev.weir.upstream.health;

import dev.weir.config.ClusterConfig;
import dev.weir.config.HealthCheckConfig;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.config.MetadataValue;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.ClusterStatFamilies;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.EventFile;
import dev.weir.telemetry.StatFamily;
import dev.weir.telemetry.StatScope;
import dev.weir.transport.Dialer;
import dev.weir.transport.UpstreamTransport;
import dev.weir.transport.Worker;
import dev.weir.upstream.health.HealthChecks.Totals;
import dev.weir.upstream.host.Host;
import dev.weir.xds.SerialLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Makes the active checks of clusters. Main loop only.
public final class HealthCheckMaker {
  private final SerialLoop main;
  private final RandomGenerator random;
  private final AccessLogSinks logs;
  private final Probers probers;

  /// What checks work with.
  ///
  /// @param random for jitter; main loop only
  /// @param side where the connections of checks live
  /// @param logs where events are written
  public record Dependencies(
      SerialLoop main, RandomGenerator random, Worker side, AccessLogSinks logs) {}

  /// The cluster whose hosts are to be checked.
  ///
  /// @param hadTraffic whether it has ever made a connection
  public record Subject(
      ClusterConfig config,
      Dialer dialer,
      Transports transports,
      Scopes scopes,
      BooleanSupplier hadTraffic) {}

  /// What is spoken with hosts.
  public interface Transports {
    /// The transport of a host.
    ///
    /// @param instead is looked at instead of the host's own metadata; null for those
    UpstreamTransport of(Host host, @Nullable Map<String, MetadataValue> instead);
  }

  /// Opens scopes below the cluster's.
  public interface Scopes {
    /// One of this name.
    StatScope open(String name, StatFamily family);
  }

  /// Makes the probers of a check.
  interface Probers {
    Prober.Maker of(HealthCheckConfig check, Subject subject, HealthStats stats);
  }

  /// @param with what checks work with
  public HealthCheckMaker(Dependencies with) {
    this(
        with.main,
        with.random,
        with.logs,
        (check, subject, stats) -> probers(check, subject, stats, with.side));
  }

  HealthCheckMaker(SerialLoop main, RandomGenerator random, AccessLogSinks logs, Probers probers) {
    this.main = main;
    this.random = random;
    this.logs = logs;
    this.probers = probers;
  }

  /// The checks of a cluster; null if it has none.
  ///
  /// @throws UncheckedIOException if a file for events cannot be opened
  public @Nullable HealthChecks create(Subject subject) {
    var checks = subject.config.health().checks();
    if (checks.isEmpty()) {
      return null;
    }
    var checkers = new ArrayList<HealthChecker>(checks.size());
    for (var check : checks) {
      checkers.add(checker(check, subject, scope(check)));
    }
    return new HealthChecks(
        main,
        checkers,
        subject.config.lb().common().ignoreNewHostsUntilFirstHealthCheck(),
        checks.size() > 1 ? totals(subject) : null);
  }

  private static String scope(HealthCheckConfig check) {
    return check.name().isEmpty() ? "health_check" : "health_check.name." + check.name();
  }

  private static Totals totals(Subject subject) {
    var scope = subject.scopes.open("health_check", ClusterStatFamilies.HEALTH_CHECK_TOTALS);
    return new Totals(scope.gauge("healthy"), scope.gauge("degraded"));
  }

  private HealthChecker checker(HealthCheckConfig check, Subject subject, String scope) {
    var stats = new HealthStats(subject.scopes.open(scope, ClusterStatFamilies.HEALTH_CHECK));
    return new HealthChecker(
        check,
        main,
        new CheckTimes(check.schedule(), subject.hadTraffic, random),
        stats,
        new HealthEvents(files(check), subject.config.name(), check, main::now),
        probers.of(check, subject, stats));
  }

  private List<EventFile> files(HealthCheckConfig check) {
    var files = new ArrayList<EventFile>();
    try {
      for (var path : check.eventLog().paths()) {
        files.add(logs.events(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static Prober.Maker probers(
      HealthCheckConfig check, Subject subject, HealthStats stats, Worker side) {
    var line =
        new ChannelProber.Line(
            side,
            subject.dialer,
            host -> subject.transports.of(host, check.connections().socketMatch()),
            check.schedule().timeout(),
            check.connections());
    return probers(check.probe(), subject.config.name(), line, stats.verifyCluster);
  }

  /// Probers that ask over real connections.
  ///
  /// @param cluster what a host is called that has no name for its checks
  /// @param verified counts the service names that were compared
  static Prober.Maker probers(
      Probe probe, String cluster, ChannelProber.Line line, Counter verified) {
    return switch (probe) {
      case Probe.Tcp tcp -> {
        var question = TcpDialogue.Question.of(tcp);
        yield prober(line, _ -> answers -> new TcpDialogue(question, answers));
      }
      case Probe.Http http -> {
        var rule = HttpJudge.Rule.of(http.expectation(), verified);
        yield prober(
            line,
            host -> {
              var question = HttpQuestion.of(http.request(), host, cluster, rule);
              return answers ->
                  http.http2()
                      ? new Http2Dialogue(question, answers)
                      : new Http1Dialogue(question, answers);
            });
      }
      case Probe.Grpc grpc ->
          prober(
              line,
              host -> {
                var question = HttpQuestion.of(grpc, host, cluster);
                return answers -> new Http2Dialogue(question, answers);
              });
    };
  }

  /// What is said to a host.
  private interface Talk {
    Dialogue.Maker with(Host host);
  }

  private static Prober.Maker prober(ChannelProber.Line line, Talk talk) {
    return (host, listener) -> new ChannelProber(line, host, talk.with(host), listener);
  }
}
