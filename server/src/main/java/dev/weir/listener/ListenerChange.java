package dev.weir.listener;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The next configuration of a listener, made live but not in force: its sockets are bound and do
/// not listen, its secrets are on their way. Main loop only. Ends with [#apply] or [#discard].
public final class ListenerChange {
  private final ActiveListener listener;
  private final Generation generation;
  private final ListenerStats stats;
  private @Nullable ListenSockets sockets;

  /// @param stats what the generation counts
  /// @param sockets in place of those that the listener has; null if it keeps them
  ListenerChange(
      ActiveListener listener,
      Generation generation,
      ListenerStats stats,
      @Nullable ListenSockets sockets) {
    this.listener = listener;
    this.generation = generation;
    this.stats = stats;
    this.sockets = sockets;
  }

  /// Completes, on any thread, when all is there that a connection needs.
  public CompletableFuture<Void> warm() {
    return generation.warm();
  }

  /// Puts it in force. Once.
  public ListenerOutcome apply() {
    return listener.apply(this);
  }

  /// Gives it up. Harmless if it is in force, or has been given up before.
  public void discard() {
    listener.discard(this);
  }

  Generation generation() {
    return generation;
  }

  ListenerStats stats() {
    return stats;
  }

  /// Its sockets, which are the caller's from now on; null if there are none.
  @Nullable ListenSockets takeSockets() {
    var taken = sockets;
    sockets = null;
    return taken;
  }
}
