package dev.weir.xds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Who wants which names of a type: merges many subscribers into one request, and finds those whom
/// a resource concerns. Main loop only.
final class Interest<T> {
  private final Map<String, List<Watch<T>>> byName = new LinkedHashMap<>();
  private final Set<Watch<T>> wildcards = new LinkedHashSet<>();

  /// Those of the names that name collections.
  private final Set<String> collections = new LinkedHashSet<>();

  /// Wanted anew since the last request.
  private final Set<String> renewed = new LinkedHashSet<>();

  /// Wanted by nobody since the last request, unless it is wanted again.
  private final Set<String> dropped = new LinkedHashSet<>();

  /// Wanted by somebody or by nobody any more since the last request.
  private final Set<String> changed = new LinkedHashSet<>();

  /// A watch wants something else than before, or something at all.
  ///
  /// @return whether the control plane has to be told
  boolean want(Watch<T> watch, Names wanted) {
    var before = Set.copyOf(watch.names());
    var hadAll = !wildcards.isEmpty();
    var added = watch.want(wanted);
    for (var name : before) {
      if (!watch.names().contains(name)) {
        remove(name, watch);
      }
    }
    for (var name : added) {
      byName.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(watch);
      renewed.add(name);
      changed.add(name);
      if (XdstpName.isCollection(name)) {
        collections.add(name);
      }
    }
    if (watch.wildcard()) {
      wildcards.add(watch);
    } else {
      wildcards.remove(watch);
    }
    return !added.isEmpty() || !dropped.isEmpty() || hadAll == wildcards.isEmpty();
  }

  private void remove(String name, Watch<T> watch) {
    var watches = byName.get(name);
    if (watches != null && watches.remove(watch) && watches.isEmpty()) {
      byName.remove(name);
      collections.remove(name);
      renewed.remove(name);
      dropped.add(name);
      changed.add(name);
    }
  }

  /// All that is wanted by name.
  Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }

  /// Whether somebody wants all there is.
  boolean wildcard() {
    return !wildcards.isEmpty();
  }

  boolean isEmpty() {
    return byName.isEmpty() && wildcards.isEmpty();
  }

  boolean wants(String name) {
    return !wildcards.isEmpty() || byName.containsKey(name) || !members(name).isEmpty();
  }

  /// Those who want the collection that a name belongs to.
  private List<Watch<T>> members(String name) {
    var collection = XdstpName.collectionOf(name);
    return collection == null ? List.of() : byName.getOrDefault(collection, List.of());
  }

  /// Those who want all there is.
  List<Watch<T>> wildcards() {
    return List.copyOf(wildcards);
  }

  /// Those who want this name in particular, or the collection that it belongs to.
  List<Watch<T>> watches(String name) {
    var named = byName.getOrDefault(name, List.of());
    var members = members(name);
    return members.isEmpty() ? named : Stream.concat(named.stream(), members.stream()).toList();
  }

  /// Those who want collections.
  List<Watch<T>> collectors() {
    return collections.stream().flatMap(name -> watches(name).stream()).toList();
  }

  /// Everybody, each once.
  Set<Watch<T>> watches() {
    var all = new LinkedHashSet<>(wildcards);
    byName.values().forEach(all::addAll);
    return all;
  }

  /// Names that were wanted anew since the last call, for which an answer is due even if the
  /// control plane has sent them before.
  Set<String> takeRenewed() {
    var taken = new LinkedHashSet<>(renewed);
    renewed.clear();
    return taken;
  }

  /// Names that were not wanted before the last call and may be now, or the other way round.
  Set<String> takeChanged() {
    var taken = new LinkedHashSet<>(changed);
    changed.clear();
    return taken;
  }

  /// Names that nobody has wanted since the last call.
  Set<String> takeDropped() {
    var taken = new LinkedHashSet<>(dropped);
    dropped.clear();
    taken.removeIf(this::wants);
    return taken;
  }
}
