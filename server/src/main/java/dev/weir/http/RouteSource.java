package dev.weir.http;

import dev.weir.http.route.RouteTable;
import java.util.concurrent.CompletableFuture;

/// Where a connection manager finds its routes.
public interface RouteSource extends AutoCloseable {

  /// The routes in force. Any worker.
  RouteTable table();

  /// Completes when there are routes, or they have been waited for long enough. Main loop.
  CompletableFuture<Void> warm();

  /// Nobody asks any more. Main loop.
  @Override
  void close();

  /// Routes that never change.
  static RouteSource of(RouteTable table) {
    return new RouteSource() {
      @Override
      public RouteTable table() {
        return table;
      }

      @Override
      public CompletableFuture<Void> warm() {
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public void close() {}
    };
  }
}
