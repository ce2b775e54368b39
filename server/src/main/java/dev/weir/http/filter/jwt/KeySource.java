package dev.weir.http.filter.jwt;

import dev.weir.config.http.JwtConfig.Keys;
import dev.weir.config.http.KeySet;
import dev.weir.transport.Worker;
import dev.weir.upstream.Clusters;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where the keys of a provider come from. Any worker.
sealed interface KeySource permits KeySource.Fixed, RemoteKeys {

  /// Asks for the keys.
  ///
  /// @param taker is told on this worker, perhaps before this returns
  void ask(Worker worker, Consumer<Answer> taker);

  /// What came of it.
  ///
  /// @param keys null if there are none to be had
  record Answer(@Nullable KeySet keys) {}

  /// Keys that are configured.
  record Fixed(Answer answer) implements KeySource {
    @Override
    public void ask(Worker worker, Consumer<Answer> taker) {
      taker.accept(answer);
    }
  }

  /// Makes the source that is configured.
  static KeySource of(Keys config, Clusters clusters, JwtCounters counters) {
    return switch (config) {
      case Keys.Local(var keys) -> new Fixed(new Answer(keys));
      case Keys.Remote remote -> new RemoteKeys(remote, clusters, counters);
    };
  }
}
