package dev.weir.upstream.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.weir.config.CircuitBreakersConfig;
import dev.weir.config.ClusterConfig.HappyEyeballs;
import dev.weir.config.ClusterConfig.UpstreamConfig;
import dev.weir.config.HealthCheckConfig.Connections;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.config.SocketConfig;
import dev.weir.config.TransportSocketConfig;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Stats;
import dev.weir.transport.Dialer;
import dev.weir.transport.EventLoops;
import dev.weir.transport.UpstreamTransport;
import dev.weir.upstream.health.ProbeOutcome.Failed;
import dev.weir.upstream.health.ProbeOutcome.Passed;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.TestHosts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One host of the cluster `c` that is asked over real connections, when the test says so.
final class ProbeFixture implements AutoCloseable {
  private final EventLoops loops = EventLoops.start(1);
  private final Counter verified = new Stats().scope("health_check").counter("verify_cluster");
  private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
  private final Prober prober;
  private int round;

  ProbeFixture(Probe probe, int port) {
    this(probe, TestHosts.host("127.0.0.1:" + port).make(), true);
  }

  ProbeFixture(Probe probe, Host host, boolean reuse) {
    this(probe, host, reuse, Duration.ofSeconds(10));
  }

  ProbeFixture(Probe probe, Host host, boolean reuse, Duration timeout) {
    var dialer =
        new Dialer(
            new UpstreamConfig(
                Duration.ofSeconds(5),
                1 << 20,
                CircuitBreakersConfig.DEFAULT,
                new TransportSocketConfig.RawBuffer(),
                SocketConfig.DEFAULT,
                List.of(),
                HappyEyeballs.DEFAULT));
    var line =
        new ChannelProber.Line(
            loops.workers().getFirst(),
            dialer,
            _ -> UpstreamTransport.PLAINTEXT,
            timeout,
            new Connections(reuse, List.of(), null));
    prober =
        HealthCheckMaker.probers(probe, "c", line, verified)
            .make(host, (answered, outcome) -> outcomes.add(answered + ": " + text(outcome)));
  }

  private static String text(ProbeOutcome outcome) {
    return switch (outcome) {
      case Passed(var degraded) -> degraded ? "degraded" : "passed";
      case Failed(var type, var status, var retriable, var excluded) ->
          type
              + (status == 0 ? "" : " " + status)
              + (retriable ? " retriable" : "")
              + (excluded ? " excluded" : "");
    };
  }

  /// Asks once, and waits for what comes of it.
  String ask() throws InterruptedException {
    begin();
    return next();
  }

  /// Asks, and does not wait.
  void begin() {
    prober.ask(++round);
  }

  /// Waits for the next outcome of the latest question.
  String next() throws InterruptedException {
    var outcome = outcomes.poll(30, TimeUnit.SECONDS);
    assertNotNull(outcome, "no outcome");
    assertEquals(round + ": ", outcome.substring(0, outcome.indexOf(' ') + 1));
    return outcome.substring(outcome.indexOf(' ') + 1);
  }

  /// Gives up, and waits until that is done.
  void stop() {
    prober.stop();
    settle();
  }

  private void settle() {
    CompletableFuture.runAsync(() -> {}, loops.workers().getFirst()::execute).join();
  }

  /// How often a service name was compared.
  long verified() {
    return verified.value();
  }

  /// Asserts that nothing was said that was not asked for.
  @Override
  public void close() {
    stop();
    loops.close();
    assertEquals(List.of(), List.copyOf(outcomes));
  }
}
