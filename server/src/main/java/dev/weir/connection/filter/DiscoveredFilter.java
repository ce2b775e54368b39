package dev.weir.connection.filter;

import dev.weir.config.NetworkFilterConfig;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.FilterConfigs;
import dev.weir.connection.FilterSlot;
import dev.weir.connection.NetworkFilter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// A network filter whose configuration is pushed by itself. A connection keeps the filter that was
/// in force when it came. Any worker.
public final class DiscoveredFilter implements NetworkFilter {
  private final FilterSlot<NetworkFilterConfig, NetworkFilter> slot;

  /// @throws IOException if nobody can be asked, or what is there cannot be put into force
  public DiscoveredFilter(
      NetworkFilterConfig.Discovered config,
      FilterConfigs configs,
      FilterSlot.Maker<NetworkFilterConfig, NetworkFilter> maker)
      throws IOException {
    this.slot = new FilterSlot<>(config.discovery(), configs, maker);
  }

  @Override
  public boolean isMissing() {
    return slot.isEmpty();
  }

  @Override
  public void onMatched(Connection connection) {
    var use = slot.take();
    if (use != null) {
      use.filter().onMatched(connection);
      use.release();
    }
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    var use = slot.take();
    if (use == null) {
      connection.close(CloseReason.NO_FILTERS);
      return;
    }
    connection.atEnd(use::release);
    use.filter().onNewConnection(connection, next);
  }

  @Override
  public CompletableFuture<Void> warm() {
    return slot.warm();
  }

  @Override
  public void close() {
    slot.close();
  }
}
