package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
  private final ConcurrentHashMap<String, SubsetStep> plans = new ConcurrentHashMap<>(2);

  /// @param planner over these subsets
  SubsetBalancer(
      SubsetGroups groups,
      Map<String, Subset> subsets,
      Subset any,
      Subset defaults,
      SubsetPlanner planner) {
    this.groups = groups;
    this.subsets = subsets;
    this.any = any;
    this.defaults = defaults;
    this.planner = planner;
    this.unasked = planner.plan(Map.of());
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    return step(request.subset()).pick(request);
  }

  @Override
  public PickTrail explain(PickRequest request) {
    return step(request.subset()).explain(request);
  }

  /// Where this key leads.
  SubsetStep step(SubsetKey key) {
    if (key == SubsetKey.NONE) {
      return unasked;
    }
    var known = plans.get(key.text());
    return known != null ? known : plan(key);
  }

  private SubsetStep plan(SubsetKey key) {
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
