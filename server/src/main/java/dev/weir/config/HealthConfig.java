package dev.weir.config;

/// What a cluster does to learn whether its hosts are well.
///
/// @param ignoreHealthOnHostRemoval a host that discovery removes goes at once, also while its
///   checks pass
/// @param closeConnectionsOnHostHealthFailure closes the connections of a host that fails its
///   checks or is ejected
public record HealthConfig(
    boolean ignoreHealthOnHostRemoval, boolean closeConnectionsOnHostHealthFailure) {

  /// Neither active checks nor outlier detection.
  public static final HealthConfig NONE = new HealthConfig(false, false);
}
