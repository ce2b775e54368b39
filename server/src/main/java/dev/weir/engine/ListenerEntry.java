package dev.weir.engine;

import dev.weir.config.ListenerConfig;
import dev.weir.listener.ActiveListener;
import dev.weir.listener.ListenerChange;
import dev.weir.listener.ListenerOutcome;
import java.util.concurrent.CompletableFuture;

/// One configuration of a listener in the engine's hands, with where it comes from. The live
/// listener outlasts it: the next configuration of that name has the same. Main loop only.
final class ListenerEntry implements WarmingMap.Member {
  private Origin<ListenerConfig> origin;
  private final ActiveListener listener;
  private final ListenerChange change;
  private boolean applied;

  /// @param change what puts this configuration in force
  ListenerEntry(Origin<ListenerConfig> origin, ActiveListener listener, ListenerChange change) {
    this.origin = origin;
    this.listener = listener;
    this.change = change;
  }

  /// Where it comes from.
  Origin<ListenerConfig> origin() {
    return origin;
  }

  /// The same configuration comes from elsewhere now, or in other words.
  void restate(Origin<ListenerConfig> same) {
    origin = same;
  }

  /// The live listener.
  ActiveListener listener() {
    return listener;
  }

  @Override
  public CompletableFuture<Void> warm() {
    return change.warm();
  }

  /// Whether there was an attempt to put it in force.
  boolean applied() {
    return applied;
  }

  /// Puts it in force.
  ListenerOutcome apply() {
    applied = true;
    return change.apply();
  }

  /// Gives up what never was in force.
  @Override
  public void drain() {
    change.discard();
  }

  /// How it fares.
  ListenerStatus status() {
    var local = listener.localAddresses();
    return new ListenerStatus(
        origin,
        applied && listener.accepting(),
        local.isEmpty() ? origin.config().bind().addresses() : local);
  }
}
