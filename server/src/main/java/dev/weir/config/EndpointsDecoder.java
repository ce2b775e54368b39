package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;

/// Makes a [EndpointsConfig] of a `ClusterLoadAssignment`. Any thread may call.
public final class EndpointsDecoder {
  private EndpointsDecoder() {}

  /// Checks the message and makes config of it.
  ///
  /// @param path what the paths of problems begin with; empty for a resource that was pushed
  /// @throws InvalidResourceException with all problems that were found
  public static Checked<EndpointsConfig> decode(ClusterLoadAssignment wire, String path)
      throws InvalidResourceException {
    return Checked.decode(
        path,
        at -> {
          throw at.invalid("not yet");
        });
  }
}
