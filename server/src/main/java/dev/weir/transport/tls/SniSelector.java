package dev.weir.transport.tls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which certificates come into question for a server name, the best first; among them the
/// handshake finds one that the client understands. Immutable; any thread.
///
/// @param <C> a certificate
final class SniSelector<C> {
  private final List<C> all;
  private final Map<String, List<C>> byName = new HashMap<>();
  private final List<C> fallback;

  /// A certificate and the names it is for, perhaps `*.example.com`.
  ///
  /// @param ecdsa whether it is tried before others
  record Entry<C>(C certificate, List<String> names, boolean ecdsa) {}

  /// @param scanAll whether a name that no certificate has lets all of them come into question, and
  ///   not the first only
  SniSelector(List<Entry<C>> entries, boolean scanAll) {
    this.all = ordered(entries);
    var first = entries.getFirst().certificate();
    this.fallback = scanAll ? all : List.of(first);
    var groups = new HashMap<String, List<Entry<C>>>();
    for (var entry : entries) {
      for (var name : entry.names()) {
        groups.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>()).add(entry);
      }
    }
    groups.forEach((name, group) -> byName.put(name, ordered(group)));
  }

  private static <C> List<C> ordered(List<Entry<C>> entries) {
    var best = new ArrayList<C>();
    entries.stream().filter(Entry::ecdsa).forEach(entry -> best.add(entry.certificate()));
    entries.stream()
        .filter(entry -> !entry.ecdsa())
        .forEach(entry -> best.add(entry.certificate()));
    return List.copyOf(best);
  }

  /// @param serverName empty where the client has named none
  List<C> select(String serverName) {
    if (serverName.isEmpty()) {
      return all;
    }
    var name = serverName.toLowerCase(Locale.ROOT);
    var exact = byName.get(name);
    if (exact != null) {
      return exact;
    }
    int dot = name.indexOf('.');
    var wildcard = dot < 0 ? null : byName.get("*" + name.substring(dot));
    return wildcard != null ? wildcard : fallback;
  }
}
