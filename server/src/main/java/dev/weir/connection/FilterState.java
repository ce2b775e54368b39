package dev.weir.connection;

import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.telemetry.ConnectionRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The objects that filters leave on a connection for those behind them, by key: what one decides
/// about the connection and another carries out. They are kept in the connection's record, so that
/// logs can print them. The connection's worker only.
public final class FilterState {
  private final ConnectionRecord record;

  /// The objects of a connection, from its accept on.
  public FilterState(ConnectionRecord record) {
    this.record = record;
  }

  /// The object of this key; null if there is none.
  public @Nullable StateValue get(String key) {
    return record.filterState(key);
  }

  /// Sets an object, in place of a former one.
  public void set(String key, StateValue value) {
    record.filterState(key, value);
  }

  /// The text of an object; null if there is no such object, or one without a text.
  public @Nullable String text(StateFactory factory) {
    return get(factory.key()) instanceof StateValue.Text(var text, _) ? text : null;
  }

  /// A number; null if there is none.
  public @Nullable Long number(StateFactory factory) {
    return get(factory.key()) instanceof StateValue.Number(long value, _) ? value : null;
  }

  /// A truth value; false if there is none.
  public boolean flag(String key) {
    return get(key) instanceof StateValue.Flag(boolean value) && value;
  }

  /// A list of names; empty if there is none.
  public List<String> names(StateFactory factory) {
    return get(factory.key()) instanceof StateValue.Names(var names, _) ? names : List.of();
  }
}
