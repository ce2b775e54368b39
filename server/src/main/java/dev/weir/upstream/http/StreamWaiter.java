package dev.weir.upstream.http;

/// Who has asked for a stream.
public interface StreamWaiter {
  /// Called once on the waiter's worker, perhaps before the asking returns; not after
  /// [PendingStream#cancel].
  void onOutcome(StreamOutcome outcome);
}
