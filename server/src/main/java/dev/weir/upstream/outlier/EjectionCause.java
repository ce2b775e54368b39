package dev.weir.upstream.outlier;

import dev.weir.config.OutlierDetectionConfig;
import java.util.Locale;

/// Why a host is ejected; by the names of `data.cluster.v3.OutlierEjectionType`.
enum EjectionCause {
  CONSECUTIVE_5XX,
  CONSECUTIVE_GATEWAY_FAILURE,
  CONSECUTIVE_LOCAL_ORIGIN_FAILURE,
  SUCCESS_RATE,
  SUCCESS_RATE_LOCAL_ORIGIN,
  FAILURE_PERCENTAGE,
  FAILURE_PERCENTAGE_LOCAL_ORIGIN,
  /// The host itself says so. It is not ejected, only degraded.
  DEGRADED;

  /// As counters name it: `local_origin_success_rate`.
  String statName() {
    return switch (this) {
      case SUCCESS_RATE_LOCAL_ORIGIN -> "local_origin_success_rate";
      case FAILURE_PERCENTAGE_LOCAL_ORIGIN -> "local_origin_failure_percentage";
      case DEGRADED -> "degradation";
      case CONSECUTIVE_5XX,
          CONSECUTIVE_GATEWAY_FAILURE,
          CONSECUTIVE_LOCAL_ORIGIN_FAILURE,
          SUCCESS_RATE,
          FAILURE_PERCENTAGE ->
          name().toLowerCase(Locale.ROOT);
    };
  }

  /// How many percent of its detections eject.
  int enforcing(OutlierDetectionConfig config) {
    return switch (this) {
      case CONSECUTIVE_5XX -> config.serverErrors().enforcing();
      case CONSECUTIVE_GATEWAY_FAILURE -> config.gatewayFailures().enforcing();
      case CONSECUTIVE_LOCAL_ORIGIN_FAILURE -> config.localOriginFailures().enforcing();
      case SUCCESS_RATE -> config.successRate().enforcing();
      case SUCCESS_RATE_LOCAL_ORIGIN -> config.successRate().enforcingLocalOrigin();
      case FAILURE_PERCENTAGE -> config.failurePercentage().enforcing();
      case FAILURE_PERCENTAGE_LOCAL_ORIGIN -> config.failurePercentage().enforcingLocalOrigin();
      case DEGRADED -> 100;
    };
  }
}
