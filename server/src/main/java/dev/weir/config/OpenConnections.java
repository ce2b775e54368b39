package dev.weir.config;

import java.time.Duration;

/// What becomes of the open connections of a host that is lost
/// (`dev.weir.settings.ClusterSettings`).
///
/// @param endpointRemoved discovery does not name the host any more
/// @param endpointUnhealthy its checks fail, it is ejected, or discovery calls it unhealthy or
///   draining
public record OpenConnections(Fate endpointRemoved, Fate endpointUnhealthy) {
  /// They go on, as with Envoy.
  public static final OpenConnections KEPT = new OpenConnections(new Fate.Keep(), new Fate.Keep());

  /// One answer.
  public sealed interface Fate {
    /// They go on until a peer ends them.
    record Keep() implements Fate {}

    /// They are closed one by one, at random moments of this time.
    record Drain(Duration time) implements Fate {}

    /// They are closed at once.
    record Close() implements Fate {}
  }
}
