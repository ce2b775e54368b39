package dev.weir.telemetry;

import java.util.AbstractMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Filter state objects by their keys, as text. One worker, while an expression is evaluated.
final class FilterStateAttributes extends AbstractMap<String, Object> {
  private final ConnectionRecord record;

  FilterStateAttributes(ConnectionRecord record) {
    this.record = record;
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    return key instanceof String name ? Attributes.state(record.filterState(name)) : null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return Set.of(); // nothing that is switched on walks through them
  }
}
