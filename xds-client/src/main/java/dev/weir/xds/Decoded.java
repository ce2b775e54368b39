package dev.weir.xds;

import com.google.protobuf.Any;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What became of one resource of a response.
sealed interface Decoded<T> {
  /// Empty if unreadable.
  String name();

  /// It is config now.
  ///
  /// @param ttl how long it is valid; null for ever
  record Good<T>(Accepted<T> resource, @Nullable Duration ttl) implements Decoded<T> {
    @Override
    public String name() {
      return resource.name();
    }
  }

  /// It is what we hold already, or a heartbeat.
  record Same<T>(String name, String version, @Nullable Duration ttl) implements Decoded<T> {}

  /// It cannot be put into force.
  ///
  /// @param malformed see [InvalidResourceException#isMalformed()]
  record Bad<T>(Rejected rejected, boolean malformed) implements Decoded<T> {
    static <T> Bad<T> of(String name, String reason, @Nullable Any wire) {
      return new Bad<>(Rejected.unreadable(name, reason, wire), false);
    }

    @Override
    public String name() {
      return rejected.name();
    }
  }
}
