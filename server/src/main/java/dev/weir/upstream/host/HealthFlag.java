package dev.weir.upstream.host;

import java.util.Locale;

/// A reason why a host is not simply healthy. `/clusters` shows them in this order.
public enum HealthFlag {
  /// Its active checks fail.
  FAILED_ACTIVE_HC(0),
  /// Outlier detection has ejected it.
  FAILED_OUTLIER_CHECK(1),
  /// Discovery says that it is unhealthy or timed out.
  FAILED_EDS_HEALTH(2),
  /// Its active checks say that it is degraded.
  DEGRADED_ACTIVE_HC(3),
  /// Discovery says that it is degraded.
  DEGRADED_EDS_HEALTH(4),
  /// Discovery no longer names it; it stays while its active checks pass.
  PENDING_DYNAMIC_REMOVAL(5),
  /// It has not been checked yet.
  PENDING_ACTIVE_HC(6),
  /// It asked to be left out by an `x-envoy-immediate-health-check-fail` header.
  EXCLUDED_VIA_IMMEDIATE_HC_FAIL(7),
  /// Its last active check timed out.
  ACTIVE_HC_TIMEOUT(8),
  /// Discovery says that it is draining.
  EDS_STATUS_DRAINING(9),
  /// It says of itself that it is degraded, in its answers to clients.
  DEGRADED_OUTLIER_DETECTION(10);

  private final int bit;
  private final String text = "/" + name().toLowerCase(Locale.ROOT);

  HealthFlag(int position) {
    this.bit = 1 << position;
  }

  /// The bit that stands for this flag.
  int bit() {
    return bit;
  }

  /// As `/clusters` shows it: `/failed_active_hc`.
  public String text() {
    return text;
  }
}
