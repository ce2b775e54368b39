package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.SubsetConfig.Selector;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What balancing counts, below `cluster.<name>.`. Any thread.
public final class BalancerStats {
  private final StatScope scope;
  private final StatScope tables;
  private final Map<List<String>, StatScope> selectors;

  /// @param scope of the cluster
  /// @param tables `ring_hash_lb` or `maglev_lb` below that; any where the policy has no tables
  /// @param selectors of each subset selector, by its keys
  public BalancerStats(StatScope scope, StatScope tables, Map<List<String>, StatScope> selectors) {
    this.scope = scope;
    this.tables = tables;
    this.selectors = Map.copyOf(selectors);
  }

  /// A pick met a priority in panic.
  void panic() {
    scope.counter("lb_healthy_panic").increment();
  }

  /// How many downstream connections the whole cluster serves.
  long activeRequests() {
    return scope.gauge("upstream_rq_active").value();
  }

  void ring(HashRing.Size size) {
    tables.gauge("size").set(size.planned());
    tables.gauge("min_hashes_per_host").set(size.least());
    tables.gauge("max_hashes_per_host").set(size.most());
  }

  void maglev(Maglev.Size size) {
    tables.gauge("min_entries_per_host").set(size.least());
    tables.gauge("max_entries_per_host").set(size.most());
  }

  /// One of the `lb_zone_…` counters and their like, by its name.
  void count(String name) {
    scope.counter(name).increment();
  }

  /// A pick that found its subset.
  Counter subsetsSelected() {
    return scope.counter("lb_subsets_selected");
  }

  /// A pick that found a subset of this selector.
  Counter selected(Selector selector) {
    return of(selector).counter("selected");
  }

  /// A pick with the keys of this selector, for which there was no such subset.
  Counter unmatched(Selector selector) {
    return of(selector).counter("unmatched");
  }

  private StatScope of(Selector selector) {
    return Objects.requireNonNull(selectors.get(selector.keys()));
  }

  /// A pick that the fallback of the whole configuration served.
  Counter subsetsFallback() {
    return scope.counter("lb_subsets_fallback");
  }

  /// A pick for which even that had no host, so that any did.
  Counter subsetsFallbackPanic() {
    return scope.counter("lb_subsets_fallback_panic");
  }

  /// Subsets have come and gone.
  ///
  /// @param copies how many times each counts: Envoy has one on each worker and one on its main
  ///   thread
  void subsetsChanged(int created, int removed, int copies) {
    if (created > 0) {
      scope.counter("lb_subsets_created").add((long) created * copies);
    }
    if (removed > 0) {
      scope.counter("lb_subsets_removed").add((long) removed * copies);
    }
    if (created != removed) {
      scope.gauge("lb_subsets_active").add((long) (created - removed) * copies);
    }
  }

  /// How many hosts were left out because their subset may have one only.
  void singleHostDuplicates(int hosts) {
    scope.gauge("lb_subsets_single_host_per_subset_duplicate").set(hosts);
  }
}
