package dev.weir.config.http;

import dev.weir.config.MetadataValue;
import dev.weir.config.ValueMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A test of dynamic metadata (`type.matcher.v3.MetadataMatcher`).
///
/// @param path of keys below the namespace
public record MetadataMatch(String namespace, List<String> path, ValueMatch value, boolean invert) {
  public MetadataMatch {
    path = List.copyOf(path);
  }

  /// Whether a value passes.
  ///
  /// @param found below the path; null for nothing
  public boolean test(@Nullable MetadataValue found) {
    return (found != null && value.test(found)) != invert;
  }
}
