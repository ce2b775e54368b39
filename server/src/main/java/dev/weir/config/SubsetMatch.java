package dev.weir.config;

import java.util.Map;
import java.util.TreeMap;

/// Which subset of a cluster to pick from: the key-value pairs of `envoy.lb` metadata.
///
/// @param criteria sorted by key; empty asks for no subset
public record SubsetMatch(Map<String, MetadataValue> criteria) {

  /// Asks for no subset.
  public static final SubsetMatch NONE = new SubsetMatch(Map.of());

  /// This match with the other's pairs laid over it, key by key.
  public SubsetMatch mergedWith(SubsetMatch over) {
    if (over.criteria.isEmpty()) {
      return this;
    }
    var merged = new TreeMap<>(criteria);
    merged.putAll(over.criteria);
    return new SubsetMatch(merged);
  }
}
