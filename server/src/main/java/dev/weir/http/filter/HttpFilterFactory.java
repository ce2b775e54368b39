package dev.weir.http.filter;

import org.jspecify.annotations.Nullable;

/// An HTTP filter of one chain: makes one of its kind for each request. Made on the main loop; any
/// worker.
public interface HttpFilterFactory extends AutoCloseable {

  /// The filter for a request; null if it has nothing to do with it.
  @Nullable HttpFilter create(FilterStream stream);

  /// Neither its chain nor a connection needs it any more. Main loop.
  @Override
  default void close() {}
}
