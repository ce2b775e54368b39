package dev.weir.upstream.host;

/// Whether a host takes connections.
public enum Health {
  /// It does.
  HEALTHY,
  /// It does once there are not enough healthy ones.
  DEGRADED,
  /// It does in panic only.
  UNHEALTHY;

  private static final int BAD =
      HealthFlag.FAILED_ACTIVE_HC.bit()
          | HealthFlag.FAILED_OUTLIER_CHECK.bit()
          | HealthFlag.FAILED_EDS_HEALTH.bit()
          | HealthFlag.EDS_STATUS_DRAINING.bit();

  private static final int WORSE =
      HealthFlag.DEGRADED_ACTIVE_HC.bit()
          | HealthFlag.DEGRADED_EDS_HEALTH.bit()
          | HealthFlag.DEGRADED_OUTLIER_DETECTION.bit();

  private static final int EXCLUDED =
      HealthFlag.PENDING_ACTIVE_HC.bit()
          | HealthFlag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL.bit()
          | HealthFlag.EDS_STATUS_DRAINING.bit();

  static Health of(int flags) {
    if ((flags & BAD) != 0) {
      return UNHEALTHY;
    }
    return (flags & WORSE) != 0 ? DEGRADED : HEALTHY;
  }

  static boolean excluded(int flags) {
    return (flags & EXCLUDED) != 0;
  }
}
