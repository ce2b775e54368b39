package dev.weir.engine;

import dev.weir.config.ListenerConfig;
import dev.weir.listener.ActiveListener;

/// A live listener in the engine's hands: with where its present configuration comes from. Main
/// loop only.
final class ListenerEntry {
  private final ActiveListener listener;
  private Origin<ListenerConfig> origin;
  private State state = State.WAITING;

  ListenerEntry(Origin<ListenerConfig> origin, ActiveListener listener) {
    this.origin = origin;
    this.listener = listener;
  }

  /// How far a listener has come.
  enum State {
    /// Has not been bound.
    WAITING,
    /// Accepts connections.
    SERVING,
    /// Has been told to stop accepting, and is still configured.
    STOPPED,
    /// Is configured no more, and lets its connections end.
    DRAINING
  }

  /// Where its present configuration comes from.
  Origin<ListenerConfig> origin() {
    return origin;
  }

  /// The listener itself.
  ActiveListener listener() {
    return listener;
  }

  /// How far it has come.
  State state() {
    return state;
  }

  /// How it fares.
  ListenerStatus status() {
    var local = listener.localAddresses();
    return new ListenerStatus(
        origin,
        state == State.SERVING,
        local.isEmpty() ? origin.config().bind().addresses() : local);
  }

  void origin(Origin<ListenerConfig> next) {
    origin = next;
  }

  void state(State next) {
    state = next;
  }
}
