package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.config.LbConfig.SubsetConfig.Selector;
import dev.weir.config.MetadataValue;
import dev.weir.config.MetadataValue.Fields;
import dev.weir.config.MetadataValue.Items;
import dev.weir.upstream.balance.PickTrail.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Works out where given criteria lead. Immutable; any thread.
///
/// Criteria lead to a subset only if their keys are exactly those of a selector and there are hosts
/// with those values. A selector's own fallback applies to all criteria with its keys; Envoy loses
/// it when the selector's keys begin those of an earlier one.
final class SubsetPlanner {
  private static final String FALLBACK_LIST = "fallback_list";

  private final SubsetConfig config;
  private final Map<List<String>, Selector> selectors = new LinkedHashMap<>();
  private final Map<String, Subset> subsets;
  private final Subset any;
  private final Subset defaults;
  private final BalancerStats stats;

  SubsetPlanner(
      SubsetConfig config,
      Map<String, Subset> subsets,
      Subset any,
      Subset defaults,
      BalancerStats stats) {
    this.config = config;
    this.subsets = subsets;
    this.any = any;
    this.defaults = defaults;
    this.stats = stats;
    config.selectors().stream()
        .sorted(Comparator.comparingInt(selector -> -selector.keys().size()))
        .forEach(selector -> selectors.putIfAbsent(selector.keys(), selector));
  }

  /// Where these criteria lead.
  SubsetStep plan(Map<String, MetadataValue> criteria) {
    if (!config.options().metadataFallbackList() || !criteria.containsKey(FALLBACK_LIST)) {
      return step(criteria);
    }
    var rest = new HashMap<>(criteria);
    if (!(rest.remove(FALLBACK_LIST) instanceof Items(var items)) || items.isEmpty()) {
      return step(rest);
    }
    var steps = new ArrayList<SubsetStep>();
    for (var item : items) {
      var merged = new HashMap<>(rest);
      if (item instanceof Fields(var fields)) {
        merged.putAll(fields);
      }
      steps.add(step(merged));
    }
    return new SubsetStep.FirstOf(List.copyOf(steps));
  }

  private SubsetStep step(Map<String, MetadataValue> asked) {
    var selector = selector(asked);
    if (selector == null) {
      return commonFallback();
    }
    var criteria = restrict(asked, selector.keys());
    var subset = subsets.get(SubsetKey.textOf(criteria));
    if (subset != null) {
      return new SubsetStep.Selected(
          selector, subset, stats.subsetsSelected(), stats.selected(selector));
    }
    var fallback = selector.fallback();
    return fallback == null
        ? new SubsetStep.Unmatched(selector, commonFallback(), stats.unmatched(selector))
        : ownFallback(selector, fallback, criteria);
  }

  /// The selector whose keys are those of the criteria or, if that is allowed, the one with most
  /// keys that are among them.
  private @Nullable Selector selector(Map<String, MetadataValue> criteria) {
    if (!config.options().allowRedundantKeys()) {
      return selectors.get(criteria.keySet().stream().sorted().toList());
    }
    for (var selector : selectors.values()) {
      if (!selector.keys().isEmpty() && criteria.keySet().containsAll(selector.keys())) {
        return selector;
      }
    }
    return null;
  }

  private static Map<String, MetadataValue> restrict(
      Map<String, MetadataValue> criteria, List<String> keys) {
    var fewer = new HashMap<>(criteria);
    fewer.keySet().retainAll(keys);
    return fewer;
  }

  private SubsetStep ownFallback(
      Selector selector, Fallback fallback, Map<String, MetadataValue> criteria) {
    return new SubsetStep.OwnFallback(
        selector,
        switch (fallback) {
          case NO_FALLBACK -> null;
          case ANY_ENDPOINT -> any;
          case DEFAULT_SUBSET -> defaults;
          case KEYS_SUBSET -> step(restrict(criteria, selector.fallbackKeys()));
        },
        stats.unmatched(selector));
  }

  private SubsetStep commonFallback() {
    var policy = config.fallback();
    var target =
        switch (policy) {
          case NO_FALLBACK, KEYS_SUBSET -> null;
          case ANY_ENDPOINT -> any;
          case DEFAULT_SUBSET -> defaults;
        };
    var fallback =
        new SubsetStep.CommonFallback(Kind.FALLBACK, policy, target, stats.subsetsFallback());
    if (target == null || !config.options().panicModeAny()) {
      return fallback;
    }
    return new SubsetStep.FirstOf(
        List.of(
            fallback,
            new SubsetStep.CommonFallback(
                Kind.PANIC_MODE_ANY, Fallback.ANY_ENDPOINT, any, stats.subsetsFallbackPanic())));
  }
}
