package dev.weir.xds;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where resources come from (`envoy.config.core.v3.ConfigSource`).
public sealed interface ConfigSource {
  /// How long the control plane is waited for before the subscriber is told that it has not
  /// answered; zero waits for ever.
  Duration initialFetchTimeout();

  /// The one stream that is configured for the whole client (`ads`).
  ///
  /// @param initialFetchTimeout see [#initialFetchTimeout()]
  record Ads(Duration initialFetchTimeout) implements ConfigSource {}

  /// The aggregated stream of the authority that the resource's name tells ([XdstpName]).
  ///
  /// @param initialFetchTimeout see [#initialFetchTimeout()]; the authority's own counts
  record Authority(Duration initialFetchTimeout) implements ConfigSource {}

  /// A stream of its own for each subscription (`api_config_source`).
  ///
  /// @param api whom to ask, and how
  /// @param initialFetchTimeout see [#initialFetchTimeout()]
  record Grpc(ApiConfig api, Duration initialFetchTimeout) implements ConfigSource {}

  /// A file that holds a `DiscoveryResponse` (`path_config_source`). It is read again when another
  /// file is renamed onto it.
  ///
  /// @param path ends in `.yaml`, `.yml`, `.json`, `.pb` or `.pb_text`
  /// @param watchedDirectory read again when something is renamed into this directory instead
  /// @param pollInterval read again also if it looks different after this time; null for never
  record File(
      Path path, @Nullable WatchedDirectory watchedDirectory, @Nullable Duration pollInterval)
      implements ConfigSource {
    /// A file answers at once.
    @Override
    public Duration initialFetchTimeout() {
      return Duration.ZERO;
    }
  }

  /// A directory in which something happens when files are to be read again.
  ///
  /// @param alsoWrites whether a file that is written in place counts, beside one that is renamed
  ///   into it
  record WatchedDirectory(Path path, boolean alsoWrites) {}
}
