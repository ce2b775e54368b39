package dev.weir.xds;

/// Is told what becomes of the entries that a log took. Called on the main loop.
public interface AccessLogObserver {
  /// Entries were handed to the stream; the service does not say whether it has got them.
  void flushed(int entries);

  /// It was time to send entries, and there was no stream that takes them. They are kept.
  void flushFailed(int entries);
}
