package dev.weir.config.http;

import java.util.Map;

/// What filters are told at one level of the routes (`typed_per_filter_config`), by the filter's
/// name.
public record FilterOverrides(Map<String, Override> byName) {
  /// Nothing.
  public static final FilterOverrides NONE = new FilterOverrides(Map.of());

  /// What one filter is told.
  ///
  /// @param disabled whether it does not run at all
  /// @param config its own configuration for this level; [HttpFilterConfig.Nothing] if there is
  ///   none
  public record Override(boolean disabled, HttpFilterConfig.PerRoute config) {}
}
