package dev.weir.connection.filter;

import dev.weir.config.SetFilterStateConfig;
import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.connection.StateRules;

/// `envoy.filters.network.set_filter_state`: leaves filter state objects for the filters behind it.
/// Any worker.
public final class SetFilterState implements NetworkFilter {
  private final StateRules onMatch;
  private final StateRules onHandshake;

  /// Compiles the texts.
  public SetFilterState(SetFilterStateConfig config) {
    this.onMatch = new StateRules(config.atOnce());
    this.onHandshake = new StateRules(config.afterHandshake());
  }

  /// Before a handshake nothing is known of it.
  @Override
  public void onMatched(Connection connection) {
    onMatch.apply(connection.record());
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    if (connection.chain().transport().isPlaintext()) {
      onMatch.apply(connection.record());
    } else {
      onHandshake.apply(connection.record());
    }
    next.run();
  }
}
