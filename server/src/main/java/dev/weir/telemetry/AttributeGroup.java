package dev.weir.telemetry;

import java.util.AbstractMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Attributes of one kind, each worked out when it is asked for. One worker, while an expression is
/// evaluated.
final class AttributeGroup extends AbstractMap<String, Object> {
  private final Map<String, Attribute> attributes;
  private final ConnectionRecord record;

  /// Finds one attribute of a record.
  @FunctionalInterface
  interface Attribute {
    /// Its value; null if the record has none.
    @Nullable Object of(ConnectionRecord record);
  }

  AttributeGroup(Map<String, Attribute> attributes, ConnectionRecord record) {
    this.attributes = attributes;
    this.record = record;
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    var attribute = key instanceof String ? attributes.get(key) : null;
    return attribute == null ? null : attribute.of(record);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    var present = new HashSet<Entry<String, Object>>();
    attributes.forEach((name, attribute) -> {
      var value = attribute.of(record);
      if (value != null) {
        present.add(Map.entry(name, value));
      }
    });
    return present;
  }
}
