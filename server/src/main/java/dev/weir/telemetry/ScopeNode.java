package dev.weir.telemetry;

import dev.weir.config.StatsConfig.StatsFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The statistics of one prefix, shared by the scopes that have it. Any thread may ask for
/// statistics; `Stats` opens and closes it under its map's own guard.
final class ScopeNode {
  private final String prefix;
  private final StatsFilter wanted;
  private final ConcurrentHashMap<String, Stat> stats = new ConcurrentHashMap<>(2);
  private volatile List<StatFamily> families = List.of();
  private int scopes;

  ScopeNode(String prefix, StatsFilter wanted) {
    this.prefix = prefix;
    this.wanted = wanted;
  }

  String prefix() {
    return prefix;
  }

  void retain(StatFamily[] more) {
    scopes++;
    var all = new ArrayList<>(families);
    all.addAll(List.of(more));
    families = List.copyOf(all);
  }

  /// Whether that was the last scope.
  boolean release(StatFamily[] fewer) {
    var rest = new ArrayList<>(families);
    for (var family : fewer) {
      rest.remove(family);
    }
    families = List.copyOf(rest);
    return --scopes == 0;
  }

  <S extends Stat> S stat(String name, Class<S> type, S excluded, Supplier<S> make) {
    var present = stats.get(name);
    if (present == null) {
      present =
          stats.computeIfAbsent(name, _ -> wanted.keeps(fullName(name)) ? make.get() : excluded);
    }
    if (!type.isInstance(present)) {
      throw new IllegalStateException(fullName(name) + " is no " + type.getSimpleName());
    }
    return type.cast(present);
  }

  void forEach(StatVisitor visitor) {
    stats.forEach((name, stat) -> {
      if (!isExcluded(stat)) {
        visitor.visit(fullName(name), stat);
      }
    });
    var shown = families;
    for (int i = 0; i < shown.size(); i++) {
      if (shown.indexOf(shown.get(i)) == i) {
        uncounted(shown.get(i), visitor);
      }
    }
  }

  private void uncounted(StatFamily family, StatVisitor visitor) {
    family
        .names()
        .forEach((name, kind) -> {
          if (!stats.containsKey(name)) {
            var full = fullName(name);
            if (wanted.keeps(full)) {
              visitor.visit(full, kind.zero());
            }
          }
        });
  }

  private static boolean isExcluded(Stat stat) {
    return stat == Counter.EXCLUDED
        || stat == Gauge.EXCLUDED
        || stat == Histogram.EXCLUDED
        || stat == TextReadout.EXCLUDED;
  }

  private String fullName(String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }
}
