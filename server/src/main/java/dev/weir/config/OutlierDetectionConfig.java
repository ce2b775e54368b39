package dev.weir.config;

import java.time.Duration;

/// A checked `config.cluster.v3.OutlierDetection`: which hosts are taken out because connections to
/// them fail, and for how long.
///
/// A detector's `enforcing` is the share, in percent, of the detections that eject the host.
///
/// @param serverErrors `consecutive_5xx`
/// @param gatewayFailures `consecutive_gateway_failure`
/// @param localOriginFailures `consecutive_local_origin_failure`, with `splitOrigins` only
/// @param splitOrigins `split_external_local_origin_errors`: tells failures to connect from the
///   host's own answers
/// @param activeCheckUnejects a passed active check takes an ejected host back
/// @param detectsDegraded `detect_degraded_hosts`: a host that says so of itself is degraded for as
///   long as an ejection takes
public record OutlierDetectionConfig(
    Ejection ejection,
    Consecutive serverErrors,
    Consecutive gatewayFailures,
    Consecutive localOriginFailures,
    SuccessRate successRate,
    FailurePercentage failurePercentage,
    boolean splitOrigins,
    boolean activeCheckUnejects,
    boolean detectsDegraded) {

  /// How often hosts are judged, and how an ejection goes.
  ///
  /// @param baseTime of the first ejection; each further one takes that much longer
  /// @param maxTime at least `baseTime`
  /// @param jitter up to which an ejection is made longer
  /// @param maxPercent of the hosts that may be ejected at a time, 0–100
  /// @param alwaysOne one host may be ejected whatever `maxPercent` says
  public record Ejection(
      Duration interval,
      Duration baseTime,
      Duration maxTime,
      Duration jitter,
      int maxPercent,
      boolean alwaysOne) {}

  /// Ejects a host after failures in a row; a threshold of 0 never does.
  public record Consecutive(long threshold, int enforcing) {}

  /// Ejects a host whose rate of successes is far below the mean of all hosts.
  ///
  /// @param minimumHosts with `requestVolume`, below which nothing is judged
  /// @param requestVolume a host needs in one interval
  /// @param stdevFactor in thousandths of a standard deviation
  /// @param enforcingLocalOrigin `enforcing` for failures to connect, with `splitOrigins`
  public record SuccessRate(
      long minimumHosts,
      long requestVolume,
      long stdevFactor,
      int enforcing,
      int enforcingLocalOrigin) {}

  /// Ejects a host of which a fixed share of requests fails.
  ///
  /// @param threshold in percent, 0–100
  /// @param minimumHosts with `requestVolume`, below which nothing is judged
  /// @param requestVolume a host needs in one interval
  /// @param enforcingLocalOrigin `enforcing` for failures to connect, with `splitOrigins`
  public record FailurePercentage(
      int threshold,
      long minimumHosts,
      long requestVolume,
      int enforcing,
      int enforcingLocalOrigin) {}
}
