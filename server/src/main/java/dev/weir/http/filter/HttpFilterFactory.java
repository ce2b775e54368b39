package dev.weir.http.filter;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An HTTP filter of one chain: makes one of its kind for each request. Made on the main loop; any
/// worker.
public interface HttpFilterFactory extends AutoCloseable {

  /// The filter for a request; null if it has nothing to do with it.
  @Nullable HttpFilter create(FilterStream stream);

  /// Completes, on any thread, when all is there that the filter needs to serve a request.
  default CompletableFuture<Void> warm() {
    return CompletableFuture.completedFuture(null);
  }

  /// Neither its chain nor a connection needs it any more. Main loop.
  @Override
  default void close() {}
}
