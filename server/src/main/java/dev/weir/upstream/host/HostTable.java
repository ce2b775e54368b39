package dev.weir.upstream.host;

import dev.weir.config.EndpointsConfig.Locality;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All hosts of a cluster, or of a subset of it, by priority and locality, as they stood at one
/// moment. Immutable.
///
/// @param priorities at least one; a priority that nobody named is there with no hosts
public record HostTable(List<HostSet> priorities, Shape shape) {
  private static final Comparator<Locality> BY_NAME =
      Comparator.comparing(Locality::region)
          .thenComparing(Locality::zone)
          .thenComparing(Locality::subZone);

  /// How hosts are arranged, beside what they say of themselves.
  ///
  /// @param priorities how many there are, at least 1
  /// @param overprovisioning in percent: how much better than its hosts a priority or locality is
  ///   taken to be
  /// @param weightedHealth whether a priority's health goes by the weights of its hosts
  /// @param localityWeights by priority; no list at all where localities have no weights
  /// @param local the gateway's own locality
  public record Shape(
      int priorities,
      long overprovisioning,
      boolean weightedHealth,
      List<Map<Locality, Long>> localityWeights,
      Locality local) {
    /// One priority, 140 percent, no localities.
    public static final Shape PLAIN = new Shape(1, 140, false, List.of(), Locality.NONE);

    /// The same without weights of localities.
    public Shape withoutLocalityWeights() {
      return withLocalityWeights(List.of());
    }

    /// The same with other weights of localities.
    public Shape withLocalityWeights(List<Map<Locality, Long>> weights) {
      return new Shape(priorities, overprovisioning, weightedHealth, weights, local);
    }

    long weight(int priority, Locality locality) {
      return localityWeights.isEmpty()
          ? 0
          : localityWeights.get(priority).getOrDefault(locality, 0L);
    }
  }

  /// Arranges hosts by what they say of themselves at present. They keep their order within a
  /// locality.
  public static HostTable arrange(List<Host> hosts, Shape shape) {
    return arrange(hosts, shape, List.of());
  }

  /// Arranges some of the hosts of a table in all its localities: those that have none of these
  /// hosts still count, among others for how much a locality weighs.
  ///
  /// @param whole the table's [#localities]
  public static HostTable arrange(List<Host> hosts, Shape shape, List<List<Locality>> whole) {
    if (shape.priorities == 1) {
      return new HostTable(List.of(arrange(0, hosts, shape, whole)), shape);
    }
    var byPriority = new ArrayList<List<Host>>();
    for (int i = 0; i < shape.priorities; i++) {
      byPriority.add(new ArrayList<>());
    }
    for (var host : hosts) {
      int priority = host.info().place().priority();
      if (priority
          < shape.priorities) { // else it has just moved on, and another table is under way
        byPriority.get(priority).add(host);
      }
    }
    var sets = new ArrayList<HostSet>();
    for (int i = 0; i < shape.priorities; i++) {
      sets.add(arrange(i, byPriority.get(i), shape, whole));
    }
    return new HostTable(List.copyOf(sets), shape);
  }

  private static HostSet arrange(
      int priority, List<Host> hosts, Shape shape, List<List<Locality>> among) {
    boolean weighted = !shape.localityWeights.isEmpty();
    var whole = HostsByHealth.of(hosts);
    if (hosts.isEmpty()) {
      return new HostSet(priority, whole, List.of(), false, weighted);
    }
    var byLocality = byLocality(hosts, priority < among.size() ? among.get(priority) : List.of());
    var localities = new ArrayList<LocalityHosts>(byLocality.size());
    byLocality.forEach((locality, members) ->
        localities.add(
            new LocalityHosts(
                locality,
                shape.weight(priority, locality),
                members.size() == hosts.size() ? whole : HostsByHealth.of(members))));
    boolean localFirst = moveToFront(localities, shape.local);
    return new HostSet(priority, whole, List.copyOf(localities), localFirst, weighted);
  }

  private static Map<Locality, List<Host>> byLocality(List<Host> hosts, List<Locality> whole) {
    var first = hosts.getFirst().locality();
    if (whole.size() <= 1 && hosts.stream().allMatch(host -> host.locality().equals(first))) {
      return Map.of(first, hosts);
    }
    var map = new TreeMap<Locality, List<Host>>(BY_NAME);
    whole.forEach(locality -> map.put(locality, new ArrayList<>()));
    for (var host : hosts) {
      map.computeIfAbsent(host.locality(), _ -> new ArrayList<>()).add(host);
    }
    return map;
  }

  private static boolean moveToFront(List<LocalityHosts> localities, Locality local) {
    if (local.equals(Locality.NONE)) {
      return false;
    }
    for (int i = 0; i < localities.size(); i++) {
      if (localities.get(i).locality().equals(local)) {
        Collections.rotate(localities.subList(0, i + 1), 1);
        return true;
      }
    }
    return false;
  }

  /// The localities of each priority.
  public List<List<Locality>> localities() {
    return priorities.stream()
        .map(set -> set.localities().stream().map(LocalityHosts::locality).toList())
        .toList();
  }

  /// Every host, priority by priority.
  public List<Host> hosts() {
    if (priorities.size() == 1) {
      return priorities.getFirst().hosts().all().asList();
    }
    var all = new ArrayList<Host>();
    priorities.forEach(set -> all.addAll(set.hosts().all().asList()));
    return List.copyOf(all);
  }
}
