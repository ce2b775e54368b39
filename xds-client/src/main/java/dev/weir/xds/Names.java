package dev.weir.xds;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a subscriber wants of a type.
public sealed interface Names {
  /// All there is.
  static Names wildcard() {
    return new Wildcard();
  }

  /// These, whether they exist yet or not.
  static Names of(String... names) {
    return new Listed(new LinkedHashSet<>(List.of(names)));
  }

  /// All there is.
  record Wildcard() implements Names {}

  /// These.
  ///
  /// @param names may be empty, and `*` among them means all there is
  record Listed(Set<String> names) implements Names {
    /// Copies the set, keeping its order.
    public Listed {
      names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }
  }
}
