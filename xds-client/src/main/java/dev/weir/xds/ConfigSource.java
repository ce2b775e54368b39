package dev.weir.xds;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where resources come from (`config.core.v3.ConfigSource`).
public sealed interface ConfigSource {

  /// How long a subscriber waits for its first answer before it goes on without; zero for ever.
  Duration initialFetchTimeout();

  /// `ads`: the one aggregated stream of the bootstrap.
  record Ads(Duration initialFetchTimeout) implements ConfigSource {}

  /// `api_config_source`: a stream of its own.
  ///
  /// @param controlPlane the name of the static cluster to connect to
  record Grpc(String controlPlane, boolean delta, Duration initialFetchTimeout)
      implements ConfigSource {}

  /// `path_config_source`.
  ///
  /// @param watchedDirectory the folder whose renames announce a new file; null to watch the file's
  ///   own path
  record File(Path path, @Nullable Path watchedDirectory, Duration initialFetchTimeout)
      implements ConfigSource {}
}
