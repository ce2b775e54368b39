package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.listener.v3.Listener;

/// Makes a [ListenerConfig] of a `Listener`. Any thread may call.
public final class ListenerDecoder {
  private ListenerDecoder() {}

  /// Checks the message and makes config of it.
  ///
  /// @param path what the paths of problems begin with; empty for a resource that was pushed
  /// @throws InvalidResourceException with all problems that were found
  public static Checked<ListenerConfig> decode(Listener wire, String path)
      throws InvalidResourceException {
    return Checked.decode(
        path,
        at -> {
          throw at.invalid("not yet");
        });
  }
}
