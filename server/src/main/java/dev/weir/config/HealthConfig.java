package dev.weir.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a cluster does to learn whether its hosts are well.
///
/// @param checks active checks; a host is well if it passes all of them
/// @param outlier passive checks; null for none
/// @param ignoreHealthOnHostRemoval a host that discovery removes goes at once, also while its
///   checks pass
/// @param closeConnectionsOnHostHealthFailure closes the connections of a host that fails its
///   checks or is ejected
/// @param openConnections what becomes of the connections of a host that is lost, beside that
public record HealthConfig(
    List<HealthCheckConfig> checks,
    @Nullable OutlierDetectionConfig outlier,
    boolean ignoreHealthOnHostRemoval,
    boolean closeConnectionsOnHostHealthFailure,
    OpenConnections openConnections) {

  /// Neither active checks nor outlier detection.
  public static final HealthConfig NONE =
      new HealthConfig(List.of(), null, false, false, OpenConnections.KEPT);
}
