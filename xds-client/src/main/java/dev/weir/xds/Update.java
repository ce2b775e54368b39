package dev.weir.xds;

import java.util.List;

/// What a push changed for one subscriber. State of the world and delta look alike here.
///
/// @param changed new and changed resources; also an unchanged one which this subscriber has not
///   had yet
/// @param removed names which no longer exist, each once
/// @param rejected what could not be decoded; the last good value of each stays in force
/// @param version the response's version; empty where time removed something (TTL)
public record Update<T>(
    List<Accepted<T>> changed, List<String> removed, List<Rejected> rejected, String version) {
  /// Copies the lists.
  public Update {
    changed = List.copyOf(changed);
    removed = List.copyOf(removed);
    rejected = List.copyOf(rejected);
  }
}
