package dev.weir.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds filter chains that would have to serve the same connections: no two may have a value in
/// common on every level of their match. A level that is empty has the one value "any", which is
/// another one than `0.0.0.0/0`.
final class FilterChainOverlap {
  private FilterChainOverlap() {}

  /// A chain, and where it stands.
  record Placed(FilterChainConfig chain, Field at) {
    FilterChainMatch match() {
      return chain.match();
    }
  }

  /// Notes a problem at each chain that overlaps with one before it, or that lists a value twice.
  ///
  /// @param error what a problem's text begins with
  static void check(List<Placed> chains, String error) {
    var seen = new HashMap<FilterChainMatch, FilterChainConfig>();
    var byServerName = new HashMap<Object, List<FilterChainMatch>>();
    for (var placed : chains) {
      var same = seen.putIfAbsent(placed.match(), placed.chain);
      if (same != null) {
        placed.at.check(
            false,
            "%sfilter chain '%s' has the same matching rules defined as '%s'"
                .formatted(error, placed.chain.name(), same.name()));
      } else if (overlaps(placed.match(), byServerName)) {
        placed.at.check(
            false, error + "multiple filter chains with overlapping matching rules are defined");
      }
    }
  }

  /// Only chains with a server name in common can overlap, so that many chains are compared with a
  /// few only.
  private static boolean overlaps(
      FilterChainMatch match, Map<Object, List<FilterChainMatch>> byServerName) {
    boolean overlaps = repeatsItself(match);
    for (var name : orAny(match.serverNames())) {
      var others = byServerName.computeIfAbsent(name, _ -> new ArrayList<>());
      overlaps |= others.stream().anyMatch(other -> overlap(other, match));
      others.add(match);
    }
    return overlaps;
  }

  private static boolean repeatsItself(FilterChainMatch match) {
    return levels(match).stream().anyMatch(level -> new HashSet<>(level).size() < level.size());
  }

  private static boolean overlap(FilterChainMatch one, FilterChainMatch other) {
    var levels = levels(one);
    var others = levels(other);
    for (int i = 0; i < levels.size(); i++) {
      if (!intersect(levels.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean intersect(List<?> one, List<?> other) {
    Set<?> values = new HashSet<>(orAny(one));
    return orAny(other).stream().anyMatch(values::contains);
  }

  /// All levels but the server names come in a list of their values.
  private static List<List<?>> levels(FilterChainMatch match) {
    return List.of(
        List.of(match.destinationPort()),
        List.of(match.transportProtocol()),
        List.of(match.source().type()),
        match.applicationProtocols(),
        match.source().ports(),
        match.destinationRanges(),
        match.source().directRanges(),
        match.source().ranges(),
        match.serverNames());
  }

  private static List<?> orAny(List<?> values) {
    return values.isEmpty() ? List.of(Map.of()) : values;
  }
}
