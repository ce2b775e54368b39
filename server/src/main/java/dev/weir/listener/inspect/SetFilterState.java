package dev.weir.listener.inspect;

import dev.weir.config.SetFilterStateConfig;
import dev.weir.connection.Connection;
import dev.weir.connection.StateRules;
import io.netty.buffer.ByteBuf;

/// `envoy.filters.listener.set_filter_state`: sets filter state objects for accepted connections.
/// Any worker.
final class SetFilterState implements Inspector {
  private final StateRules onAccept;

  SetFilterState(SetFilterStateConfig config) {
    this.onAccept = new StateRules(config.atOnce());
  }

  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    onAccept.apply(connection.record());
    return Verdict.DONE;
  }
}
