package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostList;
import dev.weir.upstream.host.HostSet;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostsByHealth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a pick would do and why, for people to read. Worked out without picking: nothing is counted
/// and no turn is taken. Immutable.
///
/// @param steps how the subset was found, in order; empty where a cluster has no subsets
/// @param tiers the priorities of the hosts that are picked from
/// @param hashed the host that the request's hash leads to; null without a hash, or where the
///   policy does not hash
public record PickTrail(List<Step> steps, List<Tier> tiers, @Nullable Host hashed) {
  /// Nothing is known.
  static final PickTrail NONE = new PickTrail(List.of(), List.of(), null);

  /// What was tried in search of a subset.
  public enum Kind {
    /// The subset that the criteria name.
    SUBSET,
    /// The fallback of the selector whose keys the criteria have.
    SELECTOR_FALLBACK,
    /// The fallback of the whole configuration.
    FALLBACK,
    /// Any host, as that fallback had none (`panic_mode_any`).
    PANIC_MODE_ANY
  }

  /// One thing that was tried.
  ///
  /// @param selector the keys of the selector that was found; empty if none has the criteria's keys
  /// @param policy null for [Kind#SUBSET]
  public record Step(Kind kind, List<String> selector, @Nullable Fallback policy) {}

  /// One priority.
  ///
  /// @param load in percent, of the healthy hosts
  /// @param degradedLoad in percent, of the degraded hosts
  /// @param panic whether all hosts are used, well or not
  public record Tier(
      int priority, int load, int degradedLoad, boolean panic, List<Candidate> candidates) {
    private Tier withNobodyEligible() {
      var none =
          candidates.stream().map(it -> new Candidate(it.host, it.localityWeight, false)).toList();
      return new Tier(priority, load, degradedLoad, panic, none);
    }
  }

  /// One host.
  ///
  /// @param localityWeight null where localities are not weighted
  /// @param eligible whether it may be picked at present
  public record Candidate(Host host, @Nullable Long localityWeight, boolean eligible) {}

  /// What a pick from this table would do.
  ///
  /// @param hashing whether by a hash
  static PickTrail over(HostTable table, PriorityLoad load, boolean hashing) {
    var tiers = new ArrayList<Tier>();
    for (var set : table.priorities()) {
      int priority = set.priority();
      var eligible = hashing ? hashed(set, load) : listed(set, load);
      tiers.add(
          new Tier(
              priority,
              load.healthy(priority),
              load.degraded(priority),
              load.panics(priority),
              candidates(set, eligible)));
    }
    return new PickTrail(List.of(), List.copyOf(tiers), null);
  }

  private static Set<Host> hashed(HostSet set, PriorityLoad load) {
    int priority = set.priority();
    return load.healthy(priority) + load.degraded(priority) == 0
        ? Set.of()
        : Set.copyOf(HashWeights.of(set, load.panics(priority)).hosts().asList());
  }

  private static Set<Host> listed(HostSet set, PriorityLoad load) {
    int priority = set.priority();
    if (load.panics(priority)) {
      return load.healthy(priority) == 0 ? Set.of() : Set.copyOf(set.hosts().all().asList());
    }
    var eligible = new HashSet<Host>();
    if (load.healthy(priority) > 0) {
      addLoaded(set, HostsByHealth::healthy, eligible);
    }
    if (load.degraded(priority) > 0) {
      addLoaded(set, HostsByHealth::degraded, eligible);
    }
    return eligible;
  }

  /// Localities without weight get no load, unless that goes for all that have such hosts.
  private static void addLoaded(
      HostSet set, Function<HostsByHealth, HostList> which, Set<Host> eligible) {
    var loaded = new HashSet<Host>();
    if (set.weighted()) {
      for (var locality : set.localities()) {
        if (locality.weight() > 0) {
          loaded.addAll(which.apply(locality.hosts()).asList());
        }
      }
    }
    eligible.addAll(loaded.isEmpty() ? which.apply(set.hosts()).asList() : loaded);
  }

  private static List<Candidate> candidates(HostSet set, Set<Host> eligible) {
    var candidates = new ArrayList<Candidate>();
    for (var locality : set.localities()) {
      var weight = set.weighted() ? locality.weight() : null;
      for (var host : locality.hosts().all().asList()) {
        candidates.add(new Candidate(host, weight, eligible.contains(host)));
      }
    }
    return List.copyOf(candidates);
  }

  /// Whether there is a host to be had.
  public boolean leadsAnywhere() {
    return tiers.stream().flatMap(tier -> tier.candidates.stream()).anyMatch(Candidate::eligible);
  }

  /// The same, where panic means that there is no host.
  PickTrail withoutPanic() {
    var calm = new ArrayList<Tier>();
    for (var tier : tiers) {
      calm.add(tier.panic ? tier.withNobodyEligible() : tier);
    }
    return new PickTrail(steps, List.copyOf(calm), hashed);
  }

  /// The same, led to by hash.
  PickTrail hashed(@Nullable Host host) {
    return new PickTrail(steps, tiers, host);
  }

  /// The same after one step more.
  PickTrail after(Step step) {
    return after(List.of(step));
  }

  /// The same after these steps.
  PickTrail after(List<Step> before) {
    var all = new ArrayList<>(before);
    all.addAll(steps);
    return new PickTrail(List.copyOf(all), tiers, hashed);
  }
}
