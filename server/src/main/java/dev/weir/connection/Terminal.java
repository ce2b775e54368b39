package dev.weir.connection;

/// What the last filter of a chain does for one connection. The connection's worker only.
public interface Terminal {

  /// The connection ends; called once, before its record is closed. The terminal lets go of
  /// whatever it holds for it, such as the upstream side.
  ///
  /// @param reset whether the end is a reset, by the client or by us
  void onClose(CloseReason reason, boolean reset);

  /// The connection is to end in the course of the drain time, and will be closed then at the
  /// latest: a terminal that can ask the client to go elsewhere does so now.
  default void onDrain() {}

  /// What the connection was accepted with is no longer in force. It may go on as it is; a terminal
  /// whose protocol can ask the client to come back by another connection does so, and cuts off
  /// nothing.
  default void onReplaced() {}
}
