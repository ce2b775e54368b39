package dev.weir.admin;

/// How far the server has come, with the numbers that the gauge `server.state` shows.
public enum ServerState {
  /// Serves.
  LIVE,
  /// Serves, but asks for no more connections.
  DRAINING,
  /// Waits for the clusters.
  PRE_INITIALIZING,
  /// Waits for the listeners.
  INITIALIZING
}
