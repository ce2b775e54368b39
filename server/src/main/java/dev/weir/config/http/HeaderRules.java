package dev.weir.config.http;

import dev.weir.config.HeaderAddition;
import java.util.List;

/// What is done to headers at one level: a route, a virtual host, a route configuration, a share of
/// weighted clusters.
public record HeaderRules(Changes request, Changes response) {
  /// Changes nothing.
  public static final HeaderRules NONE = new HeaderRules(Changes.NONE, Changes.NONE);

  /// Removals, then additions, each in order.
  ///
  /// @param remove names in lower case
  public record Changes(List<String> remove, List<HeaderAddition> add) {
    /// Changes nothing.
    public static final Changes NONE = new Changes(List.of(), List.of());

    /// Whether there is nothing to do.
    public boolean isEmpty() {
      return remove.isEmpty() && add.isEmpty();
    }
  }
}
