package dev.weir.admin;

/// How far the server has come, with the numbers that the gauge `server.state` shows.
public enum ServerState {
  /// Serves.
  LIVE(0),
  /// Serves, but asks for no more connections.
  DRAINING(1),
  /// Waits for the clusters.
  PRE_INITIALIZING(2),
  /// Waits for the listeners.
  INITIALIZING(3);

  private final int number;

  ServerState(int number) {
    this.number = number;
  }

  /// The value of `server.state`.
  public int number() {
    return number;
  }
}
