package dev.weir.xds;

/// Where access logs that go to gRPC services are to be had. Main loop only.
public interface AccessLogServices {
  /// The log at this destination, which all who name the same destination share.
  ///
  /// @param observer of the first who asks
  Log open(AccessLogDestination destination, AccessLogObserver observer);

  /// A log that goes to a service. Any thread may write.
  interface Log {
    /// Takes an entry, and never waits.
    ///
    /// @return false if there is no room for it, because the service does not keep up or cannot be
    ///   reached; then it is gone
    boolean offer(LogEntry entry);
  }
}
