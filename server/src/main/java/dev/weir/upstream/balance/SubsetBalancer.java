package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Picks from the subset that a connection asks for. A pick costs one hash lookup, however criteria
/// and fallbacks are chained: where they lead is worked out when a connection first has them.
final class SubsetBalancer implements LoadBalancer {
  /// Criteria may come from the connections themselves, so there is no telling how many there are.
  private static final int MOST_PLANS = 10_000;

  private final SubsetGroups groups;
  private final Map<String, Subset> subsets;
  private final Subset any;
  private final Subset defaults;
  private final SubsetPlanner planner;
  private final SubsetStep unasked;

  /// Each worker works out for itself where criteria lead that it has not met before.
  private final PerWorker<Map<String, SubsetStep>> plans;

  /// @param planner over these subsets
  /// @param threads how many threads pick
  SubsetBalancer(
      SubsetGroups groups,
      Map<String, Subset> subsets,
      Subset any,
      Subset defaults,
      SubsetPlanner planner,
      int threads) {
    this.groups = groups;
    this.subsets = subsets;
    this.any = any;
    this.defaults = defaults;
    this.planner = planner;
    this.plans = new PerWorker<>(threads, _ -> new HashMap<>(2));
    this.unasked = planner.plan(Map.of());
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    return step(request).pick(request);
  }

  @Override
  public PickTrail explain(PickRequest request) {
    return step(request).explain(request);
  }

  /// Where the criteria of a request lead.
  private SubsetStep step(PickRequest request) {
    var key = request.subset();
    if (key == SubsetKey.NONE) {
      return unasked;
    }
    var mine = plans.of(request);
    var known = mine.get(key.text());
    return known != null ? known : plan(key, mine);
  }

  private SubsetStep plan(SubsetKey key, Map<String, SubsetStep> plans) {
    var made = planner.plan(key.match().criteria());
    if (plans.size() < MOST_PLANS) {
      plans.put(key.text(), made);
    }
    return made;
  }

  SubsetGroups groups() {
    return groups;
  }

  Map<String, Subset> subsets() {
    return subsets;
  }

  Subset any() {
    return any;
  }

  Subset defaults() {
    return defaults;
  }
}
