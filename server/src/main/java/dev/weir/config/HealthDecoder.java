package dev.weir.config;

import dev.weir.config.OutlierDetectionConfig.Consecutive;
import dev.weir.config.OutlierDetectionConfig.Ejection;
import dev.weir.config.OutlierDetectionConfig.FailurePercentage;
import dev.weir.config.OutlierDetectionConfig.SuccessRate;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerHealthCheck;
import dev.weir.proto.newer.NewerOutlierDetection;
import dev.weir.proto.settings.ClusterSettings;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import java.time.Duration;
import java.util.HashSet;

/// Makes the part of a [ClusterConfig] that says how the health of its hosts is learned.
final class HealthDecoder {
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration EJECTION = Duration.ofSeconds(30);
  private static final Duration MAX_EJECTION = Duration.ofMinutes(5);

  private HealthDecoder() {}

  static HealthConfig health(Cluster wire, ClusterSettings settings, Field at)
      throws InvalidResourceException {
    boolean http2 = HttpOptionsDecoder.speaksHttp2(wire);
    var checks =
        at.each(
            "health_checks",
            wire.getHealthChecksList(),
            (check, there) -> HealthCheckDecoder.check(check, wire.getName(), http2, there));
    checkNames(wire, at);
    return new HealthConfig(
        checks,
        wire.hasOutlierDetection()
            ? outlier(wire.getOutlierDetection(), at.at("outlier_detection"))
            : null,
        wire.getIgnoreHealthOnHostRemoval(),
        wire.getCloseConnectionsOnHostHealthFailure(),
        OpenConnectionsDecoder.decode(settings));
  }

  private static void checkNames(Cluster wire, Field at) {
    var names = new HashSet<String>();
    for (int i = 0; i < wire.getHealthChecksCount(); i++) {
      var newer = NewerFields.of(wire.getHealthChecks(i), NewerHealthCheck.getDefaultInstance());
      at.at("health_checks", i)
          .check(
              wire.getHealthChecksCount() == 1 || !newer.getName().isEmpty(),
              "health check at index "
                  + i
                  + " is missing a name; all health checks must have a"
                  + " name when multiple health checks are configured");
      at.at("health_checks", i)
          .check(
              newer.getName().isEmpty() || names.add(newer.getName()),
              "duplicate health check name '"
                  + newer.getName()
                  + "' at index "
                  + i
                  + "; all health check names must be unique within a cluster");
    }
  }

  private static OutlierDetectionConfig outlier(OutlierDetection wire, Field at) {
    var newer = NewerFields.of(wire, NewerOutlierDetection.getDefaultInstance());
    at.withoutEffect(wire.getMonitorsCount() > 0, "monitors");
    return new OutlierDetectionConfig(
        ejection(wire, at),
        new Consecutive(
            ScalarDecoder.uint32(wire.hasConsecutive5Xx(), wire.getConsecutive5Xx(), 5),
            ScalarDecoder.size(
                wire.hasEnforcingConsecutive5Xx(), wire.getEnforcingConsecutive5Xx(), 100)),
        new Consecutive(
            ScalarDecoder.uint32(
                wire.hasConsecutiveGatewayFailure(), wire.getConsecutiveGatewayFailure(), 5),
            ScalarDecoder.size(
                wire.hasEnforcingConsecutiveGatewayFailure(),
                wire.getEnforcingConsecutiveGatewayFailure(),
                0)),
        new Consecutive(
            ScalarDecoder.uint32(
                wire.hasConsecutiveLocalOriginFailure(),
                wire.getConsecutiveLocalOriginFailure(),
                5),
            ScalarDecoder.size(
                wire.hasEnforcingConsecutiveLocalOriginFailure(),
                wire.getEnforcingConsecutiveLocalOriginFailure(),
                100)),
        successRate(wire),
        failurePercentage(wire),
        wire.getSplitExternalLocalOriginErrors(),
        ScalarDecoder.bool(
            wire.hasSuccessfulActiveHealthCheckUnejectHost(),
            wire.getSuccessfulActiveHealthCheckUnejectHost(),
            true),
        newer.getDetectDegradedHosts().getValue());
  }

  private static Ejection ejection(OutlierDetection wire, Field at) {
    var base =
        ScalarDecoder.duration(wire.hasBaseEjectionTime(), wire.getBaseEjectionTime(), EJECTION);
    var unsetMax = base.compareTo(MAX_EJECTION) > 0 ? base : MAX_EJECTION;
    var longest =
        ScalarDecoder.duration(wire.hasMaxEjectionTime(), wire.getMaxEjectionTime(), unsetMax);
    at.check(
        longest.compareTo(base) >= 0,
        "outlier detector's max_ejection_time cannot be smaller than base_ejection_time");
    return new Ejection(
        ScalarDecoder.duration(wire.hasInterval(), wire.getInterval(), INTERVAL),
        base,
        longest,
        ScalarDecoder.duration(
            wire.hasMaxEjectionTimeJitter(), wire.getMaxEjectionTimeJitter(), Duration.ZERO),
        ScalarDecoder.size(wire.hasMaxEjectionPercent(), wire.getMaxEjectionPercent(), 10),
        ScalarDecoder.bool(wire.hasAlwaysEjectOneHost(), wire.getAlwaysEjectOneHost(), false));
  }

  private static SuccessRate successRate(OutlierDetection wire) {
    return new SuccessRate(
        ScalarDecoder.uint32(
            wire.hasSuccessRateMinimumHosts(), wire.getSuccessRateMinimumHosts(), 5),
        ScalarDecoder.uint32(
            wire.hasSuccessRateRequestVolume(), wire.getSuccessRateRequestVolume(), 100),
        ScalarDecoder.uint32(
            wire.hasSuccessRateStdevFactor(), wire.getSuccessRateStdevFactor(), 1900),
        ScalarDecoder.size(wire.hasEnforcingSuccessRate(), wire.getEnforcingSuccessRate(), 100),
        ScalarDecoder.size(
            wire.hasEnforcingLocalOriginSuccessRate(),
            wire.getEnforcingLocalOriginSuccessRate(),
            100));
  }

  private static FailurePercentage failurePercentage(OutlierDetection wire) {
    return new FailurePercentage(
        ScalarDecoder.size(
            wire.hasFailurePercentageThreshold(), wire.getFailurePercentageThreshold(), 85),
        ScalarDecoder.uint32(
            wire.hasFailurePercentageMinimumHosts(), wire.getFailurePercentageMinimumHosts(), 5),
        ScalarDecoder.uint32(
            wire.hasFailurePercentageRequestVolume(), wire.getFailurePercentageRequestVolume(), 50),
        ScalarDecoder.size(
            wire.hasEnforcingFailurePercentage(), wire.getEnforcingFailurePercentage(), 0),
        ScalarDecoder.size(
            wire.hasEnforcingFailurePercentageLocalOrigin(),
            wire.getEnforcingFailurePercentageLocalOrigin(),
            0));
  }
}
