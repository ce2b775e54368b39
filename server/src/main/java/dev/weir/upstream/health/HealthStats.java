package dev.weir.upstream.health;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.StatScope;

/// What one check counts, below `cluster.<name>.health_check.`. Any thread.
final class HealthStats {
  final Counter attempt;
  final Counter success;
  final Counter failure;
  final Counter networkFailure;
  final Counter passiveFailure;
  final Counter verifyCluster;
  final Gauge healthy;
  final Gauge degraded;

  HealthStats(StatScope scope) {
    attempt = scope.counter("attempt");
    success = scope.counter("success");
    failure = scope.counter("failure");
    passiveFailure = scope.counter("passive_failure");
    networkFailure = scope.counter("network_failure");
    verifyCluster = scope.counter("verify_cluster");
    healthy = scope.gauge("healthy");
    degraded = scope.gauge("degraded");
  }
}
