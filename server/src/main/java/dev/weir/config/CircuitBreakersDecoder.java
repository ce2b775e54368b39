package dev.weir.config;

import dev.weir.config.CircuitBreakersConfig.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import java.util.List;

/// Makes [CircuitBreakersConfig]s.
final class CircuitBreakersDecoder {
  private CircuitBreakersDecoder() {}

  static CircuitBreakersConfig breakers(CircuitBreakers wire, Field at) {
    for (int i = 0; i < wire.getPerHostThresholdsCount(); i++) {
      at.at("per_host_thresholds", i)
          .check(
              isForConnections(wire.getPerHostThresholds(i)),
              "Unsupported field in per_host_thresholds");
    }
    for (int i = 0; i < wire.getThresholdsCount(); i++) {
      at.at("thresholds", i)
          .withoutEffect(wire.getThresholds(i).hasRetryBudget(), "retry_budget"); // nobody retries
    }
    var perHost = first(wire.getPerHostThresholdsList(), RoutingPriority.DEFAULT);
    return new CircuitBreakersConfig(
        thresholds(first(wire.getThresholdsList(), RoutingPriority.DEFAULT)),
        thresholds(first(wire.getThresholdsList(), RoutingPriority.HIGH)),
        ScalarDecoder.uint32(
            perHost.hasMaxConnections(),
            perHost.getMaxConnections(),
            CircuitBreakersConfig.UNLIMITED));
  }

  private static boolean isForConnections(CircuitBreakers.Thresholds wire) {
    return !wire.hasMaxPendingRequests()
        && !wire.hasMaxRequests()
        && !wire.hasMaxRetries()
        && !wire.hasMaxConnectionPools()
        && !wire.hasRetryBudget();
  }

  private static CircuitBreakers.Thresholds first(
      List<CircuitBreakers.Thresholds> wire, RoutingPriority priority) {
    return wire.stream()
        .filter(thresholds -> thresholds.getPriority() == priority)
        .findFirst()
        .orElse(CircuitBreakers.Thresholds.getDefaultInstance());
  }

  private static Thresholds thresholds(CircuitBreakers.Thresholds wire) {
    var unset = Thresholds.DEFAULT;
    return new Thresholds(
        ScalarDecoder.uint32(
            wire.hasMaxConnections(), wire.getMaxConnections(), unset.maxConnections()),
        ScalarDecoder.uint32(
            wire.hasMaxPendingRequests(), wire.getMaxPendingRequests(), unset.maxPendingRequests()),
        ScalarDecoder.uint32(wire.hasMaxRequests(), wire.getMaxRequests(), unset.maxRequests()),
        ScalarDecoder.uint32(wire.hasMaxRetries(), wire.getMaxRetries(), unset.maxRetries()),
        ScalarDecoder.uint32(
            wire.hasMaxConnectionPools(), wire.getMaxConnectionPools(), unset.maxConnectionPools()),
        wire.getTrackRemaining());
  }
}
