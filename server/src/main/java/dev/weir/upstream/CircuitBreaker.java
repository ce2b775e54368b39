package dev.weir.upstream;

/// How many connections to a cluster are open and how many are waited for, and whether there may be
/// more. Any thread; shared by all workers, so that a limit holds for the gateway as a whole.
public final class CircuitBreaker {
  CircuitBreaker() {}

  /// Whether `max_connections` leaves room for one more. If not, the connection ends with `UO`.
  public boolean allowsConnection() {
    return true;
  }

  /// Takes a place among the connections, whether there is room or not: who asks has called
  /// [#allowsConnection()].
  public void connectionOpened() {}

  /// Gives it back.
  public void connectionClosed() {}

  /// Takes a place among those who wait for a connection, if `max_pending_requests` allows it.
  public boolean tryPend() {
    return true;
  }

  /// Gives it back: connected, failed or given up.
  public void pendingEnded() {}
}
