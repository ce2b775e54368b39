package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;

/// Makes a [ClusterConfig] of a `Cluster`. Any thread may call.
public final class ClusterDecoder {
  private ClusterDecoder() {}

  /// Checks the message and makes config of it.
  ///
  /// @param path what the paths of problems begin with; empty for a resource that was pushed
  /// @throws InvalidResourceException with all problems that were found
  public static Checked<ClusterConfig> decode(Cluster wire, String path)
      throws InvalidResourceException {
    return Checked.decode(
        path,
        at -> {
          throw at.invalid("not yet");
        });
  }
}
