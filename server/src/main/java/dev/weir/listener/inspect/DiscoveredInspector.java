package dev.weir.listener.inspect;

import dev.weir.config.ListenerFilterConfig;
import dev.weir.connection.Connection;
import dev.weir.connection.FilterConfigs;
import dev.weir.connection.FilterSlot;
import dev.weir.telemetry.Counter;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// A listener filter whose configuration is pushed by itself. As long as there is none, connections
/// are closed. Any worker.
final class DiscoveredInspector implements Inspector {
  private final FilterSlot<ListenerFilterConfig, Inspector> slot;
  private final Counter missing;

  /// @param missing counts the connections that are closed for want of it
  DiscoveredInspector(
      ListenerFilterConfig.Discovered config,
      FilterConfigs configs,
      FilterSlot.Maker<ListenerFilterConfig, Inspector> maker,
      Counter missing)
      throws IOException {
    this.slot = new FilterSlot<>(config.discovery(), configs, maker);
    this.missing = missing;
  }

  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    var use = slot.take();
    if (use == null) {
      missing.increment();
      return Verdict.REFUSE;
    }
    try {
      return use.filter().inspect(sofar, connection);
    } finally {
      use.release();
    }
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
