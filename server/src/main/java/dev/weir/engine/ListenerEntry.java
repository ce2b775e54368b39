package dev.weir.engine;

import dev.weir.config.ListenerConfig;
import dev.weir.listener.ActiveListener;

/// A live listener in the engine's hands: with where its present configuration comes from. Main
/// loop only.
public final class ListenerEntry {
  private final ActiveListener listener;
  private Origin<ListenerConfig> origin;
  private State state = State.WAITING;

  ListenerEntry(Origin<ListenerConfig> origin, ActiveListener listener) {
    this.origin = origin;
    this.listener = listener;
  }

  /// How far a listener has come.
  public enum State {
    /// Waits for the workers to be started.
    WAITING,
    /// Accepts connections.
    SERVING,
    /// Has been told to stop accepting, and is still configured.
    STOPPED,
    /// Is configured no more, and lets its connections end.
    DRAINING
  }

  /// Where its present configuration comes from.
  public Origin<ListenerConfig> origin() {
    return origin;
  }

  /// The listener itself.
  public ActiveListener listener() {
    return listener;
  }

  /// How far it has come.
  public State state() {
    return state;
  }

  void origin(Origin<ListenerConfig> next) {
    origin = next;
  }

  void state(State next) {
    state = next;
  }
}
