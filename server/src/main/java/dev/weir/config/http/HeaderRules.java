package dev.weir.config.http;

import dev.weir.config.LogTemplate;
import java.util.List;

/// What is done to headers at one level: a route, a virtual host, a route configuration, a share of
/// weighted clusters.
public record HeaderRules(Changes request, Changes response) {
  /// Changes nothing.
  public static final HeaderRules NONE = new HeaderRules(Changes.NONE, Changes.NONE);

  /// Removals, then additions, each in order.
  ///
  /// @param remove names in lower case
  public record Changes(List<String> remove, List<Addition> add) {
    /// Changes nothing.
    public static final Changes NONE = new Changes(List.of(), List.of());

    /// Whether there is nothing to do.
    public boolean isEmpty() {
      return remove.isEmpty() && add.isEmpty();
    }
  }

  /// One header to add (`config.core.v3.HeaderValueOption`).
  ///
  /// @param name in lower case
  /// @param value with access log operators
  /// @param keepEmpty whether an empty value is added too
  public record Addition(String name, LogTemplate value, Action action, boolean keepEmpty) {}

  /// What is done where the header is there already.
  public enum Action {
    APPEND_IF_EXISTS_OR_ADD,
    ADD_IF_ABSENT,
    OVERWRITE_IF_EXISTS_OR_ADD,
    OVERWRITE_IF_EXISTS
  }
}
