package dev.weir.upstream.outlier;

import dev.weir.config.OutlierDetectionConfig;
import dev.weir.upstream.host.HealthFlag;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostMonitor;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/// Notes how connections to one host fare. Any thread notes; ejections are the main loop's.
///
/// Without `split_external_local_origin_errors` a connection is taken for a request: one that
/// stands counts as a 200, a refused one as a 503, one that takes too long as a 504.
final class OutlierMonitor implements HostMonitor {
  private static final AtomicLongFieldUpdater<OutlierMonitor> SERVER_ERRORS =
      AtomicLongFieldUpdater.newUpdater(OutlierMonitor.class, "serverErrors");
  private static final AtomicLongFieldUpdater<OutlierMonitor> GATEWAY_FAILURES =
      AtomicLongFieldUpdater.newUpdater(OutlierMonitor.class, "gatewayFailures");
  private static final AtomicLongFieldUpdater<OutlierMonitor> LOCAL_FAILURES =
      AtomicLongFieldUpdater.newUpdater(OutlierMonitor.class, "localFailures");

  private final Host host;
  private final OutlierDetectionConfig config;
  private final Alarm alarm;
  final Tally external = new Tally();
  final Tally local = new Tally();
  final Ejections ejections = new Ejections();
  final Ejections degradations = new Ejections();
  private volatile long serverErrors;
  private volatile long gatewayFailures;
  private volatile long localFailures;

  /// Is told, by any thread, that a threshold was reached.
  interface Alarm {
    void reached(Host host, EjectionCause cause);
  }

  OutlierMonitor(Host host, OutlierDetectionConfig config, Alarm alarm) {
    this.host = host;
    this.config = config;
    this.alarm = alarm;
  }

  @Override
  public void connected() {
    if (config.splitOrigins()) {
      local.count(true);
      localFailures = 0;
    } else {
      answered(200);
    }
  }

  @Override
  public void connectFailed() {
    notConnected(503);
  }

  @Override
  public void connectTimedOut() {
    notConnected(504);
  }

  private void notConnected(int status) {
    if (!config.splitOrigins()) {
      answered(status);
      return;
    }
    local.count(false);
    if (LOCAL_FAILURES.incrementAndGet(this) == config.localOriginFailures().threshold()) {
      alarm.reached(host, EjectionCause.CONSECUTIVE_LOCAL_ORIGIN_FAILURE);
    }
  }

  @Override
  public void answered(int status) {
    boolean good = status < 500 || status > 599;
    external.count(good);
    if (good) {
      serverErrors = 0;
      gatewayFailures = 0;
      return;
    }
    if (status < 502 || status > 504) {
      gatewayFailures = 0;
    } else if (GATEWAY_FAILURES.incrementAndGet(this) == config.gatewayFailures().threshold()) {
      alarm.reached(host, EjectionCause.CONSECUTIVE_GATEWAY_FAILURE);
    }
    if (SERVER_ERRORS.incrementAndGet(this) == config.serverErrors().threshold()) {
      alarm.reached(host, EjectionCause.CONSECUTIVE_5XX);
    }
  }

  @Override
  public void degraded() {
    if (config.detectsDegraded() && !host.has(HealthFlag.DEGRADED_OUTLIER_DETECTION)) {
      alarm.reached(host, EjectionCause.DEGRADED);
    }
  }

  /// Begins to count anew towards this threshold.
  void reset(EjectionCause cause) {
    switch (cause) {
      case CONSECUTIVE_5XX -> serverErrors = 0;
      case CONSECUTIVE_GATEWAY_FAILURE -> gatewayFailures = 0;
      case CONSECUTIVE_LOCAL_ORIGIN_FAILURE -> localFailures = 0;
      case SUCCESS_RATE,
          SUCCESS_RATE_LOCAL_ORIGIN,
          FAILURE_PERCENTAGE,
          FAILURE_PERCENTAGE_LOCAL_ORIGIN,
          DEGRADED -> {}
    }
  }

  /// Begins to count anew towards every threshold.
  void resetAll() {
    serverErrors = 0;
    gatewayFailures = 0;
    localFailures = 0;
  }

  @Override
  public double successRate() {
    return external.shown();
  }

  @Override
  public double localOriginSuccessRate() {
    return local.shown();
  }
}
