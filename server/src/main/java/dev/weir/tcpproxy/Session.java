package dev.weir.tcpproxy;

import dev.weir.connection.CloseReason;

/// What goes between a client and its upstream, once there is one. The connection's worker only.
interface Session {
  /// Begins to read both sides.
  void start();

  /// Notes what has been written since the last look.
  ///
  /// @return whether anything was
  boolean settle();

  /// The client's connection has ended.
  ///
  /// @return whether the upstream still has to take what the client sent
  boolean onDownstreamClosed(CloseReason reason, boolean reset);

  /// Gives up on an upstream that does not take what the client sent.
  void abandon();
}
