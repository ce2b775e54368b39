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
  /// @param names may be empty, and `*` among them means all there is; one that ends in `/*` means
  ///   a collection ([XdstpName])
  record Listed(Set<String> names) implements Names {
    /// Copies the set, keeping its order, with the names in canonical form.
    public Listed {
      var canonical = LinkedHashSet.<String>newLinkedHashSet(names.size());
      names.forEach(name -> canonical.add(XdstpName.canonical(name)));
      names = Collections.unmodifiableSet(canonical);
    }
  }
}
