package dev.weir.config;

import dev.weir.config.OpenConnections.Fate;
import dev.weir.proto.settings.ClusterSettings;
import java.time.Duration;

/// Makes [OpenConnections] of a cluster's settings of our own.
final class OpenConnectionsDecoder {
  private static final Duration DRAIN_TIME = Duration.ofSeconds(30);

  private OpenConnectionsDecoder() {}

  static OpenConnections decode(ClusterSettings wire) {
    return new OpenConnections(fate(wire.getEndpointRemoved()), fate(wire.getEndpointUnhealthy()));
  }

  private static Fate fate(ClusterSettings.Fate wire) {
    return switch (wire.getAction()) {
      case KEEP, UNRECOGNIZED -> new Fate.Keep();
      case DRAIN ->
          new Fate.Drain(
              ScalarDecoder.duration(wire.hasDrainTime(), wire.getDrainTime(), DRAIN_TIME));
      case CLOSE -> new Fate.Close();
    };
  }
}
