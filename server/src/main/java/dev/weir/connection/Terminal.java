package dev.weir.connection;

/// What the last filter of a chain does for one connection. The connection's worker only.
public interface Terminal {

  /// The connection ends; called once, before its record is closed. The terminal lets go of
  /// whatever it holds for it, such as the upstream side.
  ///
  /// @param reset whether the end is a reset, by the client or by us
  void onClose(CloseReason reason, boolean reset);
}
