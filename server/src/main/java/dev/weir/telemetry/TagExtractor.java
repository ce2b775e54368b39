package dev.weir.telemetry;

import org.jspecify.annotations.Nullable;

/// Finds one tag in names. Immutable; any thread.
interface TagExtractor {

  /// The tag's name, such as `envoy.cluster_name`.
  String tag();

  /// What every name with such a tag begins with, such as `cluster.`; empty if nothing.
  String prefix();

  /// Where the tag is in a name; null if the name has none.
  @Nullable Found find(String name);

  /// A tag that was found.
  ///
  /// @param from where that begins which is cut out of the name
  /// @param to where it ends
  record Found(String value, int from, int to) {}
}
