package dev.weir.upstream.http;

/// A request that waits for its stream. Its worker only.
public interface PendingStream {
  /// Gives up waiting; the waiter is not told. Without effect once there is an outcome.
  void cancel();
}
