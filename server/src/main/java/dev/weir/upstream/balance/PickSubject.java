package dev.weir.upstream.balance;

import dev.weir.config.MetadataValue;
import dev.weir.config.StateValue;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The connection that a pick is for, as clusters want to know it whose hosts are chosen by the
/// connection itself. Its worker only.
public interface PickSubject {
  /// Nothing is known of it.
  PickSubject NOBODY =
      new PickSubject() {
        @Override
        public @Nullable StateValue filterState(String key) {
          return null;
        }

        @Override
        public Map<String, MetadataValue> metadata(String namespace) {
          return Map.of();
        }

        @Override
        public @Nullable SocketAddress restoredDestination() {
          return null;
        }

        @Override
        public String serverName() {
          return "";
        }
      };

  /// A filter state object; null if there is none of this key.
  @Nullable StateValue filterState(String key);

  /// The dynamic metadata of a namespace; empty if there is none.
  Map<String, MetadataValue> metadata(String namespace);

  /// Where the client meant to connect to, if it was redirected here; null if it was not.
  @Nullable SocketAddress restoredDestination();

  /// The SNI; empty if there is none.
  String serverName();
}
