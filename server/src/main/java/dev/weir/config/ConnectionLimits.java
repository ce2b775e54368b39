package dev.weir.config;

import java.util.Map;

/// How many connections a server and its listeners take in, as the start configuration says.
///
/// @param global `max_active_downstream_connections` of the overload manager's monitor
/// @param runtime numbers of the static runtime layers, by key
public record ConnectionLimits(long global, Map<String, Long> runtime) {
  /// Takes in any number.
  public static final ConnectionLimits NONE = new ConnectionLimits(Long.MAX_VALUE, Map.of());
}
