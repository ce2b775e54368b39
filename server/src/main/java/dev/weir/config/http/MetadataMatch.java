package dev.weir.config.http;

import dev.weir.config.ValueMatch;
import java.util.List;

/// A test of dynamic metadata (`type.matcher.v3.MetadataMatcher`).
///
/// @param path of keys below the namespace
public record MetadataMatch(String namespace, List<String> path, ValueMatch value, boolean invert) {
  public MetadataMatch {
    path = List.copyOf(path);
  }
}
