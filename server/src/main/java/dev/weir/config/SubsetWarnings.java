package dev.weir.config;

import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.config.LbConfig.SubsetConfig.Selector;
import java.util.List;

/// Says what is configured of subsets without being able to work as it is written.
final class SubsetWarnings {
  private final SubsetConfig config;
  private final Field at;

  /// The keys of each selector.
  private final List<List<String>> keys;

  private SubsetWarnings(SubsetConfig config, Field at) {
    this.config = config;
    this.at = at;
    this.keys = config.selectors().stream().map(Selector::keys).toList();
  }

  /// Warns of a configuration with at least one selector, those without keys included.
  static void warn(SubsetConfig config, Field at) {
    var warnings = new SubsetWarnings(config, at);
    warnings.common();
    for (int i = 0; i < config.selectors().size(); i++) {
      warnings.selector(i, config.selectors().get(i), at.at("subset_selectors", i));
    }
  }

  private void common() {
    boolean wanted =
        config.fallback() == Fallback.DEFAULT_SUBSET
            || config.selectors().stream().anyMatch(it -> it.fallback() == Fallback.DEFAULT_SUBSET);
    boolean given = !config.defaultSubset().criteria().isEmpty();
    if (wanted && !given) {
      at.at("default_subset").warn("is empty, so that DEFAULT_SUBSET means ANY_ENDPOINT");
    }
    if (given && !wanted) {
      at.at("default_subset").warn("has no effect, as no fallback_policy is DEFAULT_SUBSET");
    }
    var options = config.options();
    if (options.panicModeAny() && config.fallback() == Fallback.NO_FALLBACK) {
      at.at("panic_mode_any").warn("has no effect without a fallback_policy");
    }
    at.withoutEffect(
        options.scaleLocalityWeight() && !options.localityWeightAware(), "scale_locality_weight");
  }

  private void selector(int index, Selector selector, Field here) {
    var mine = keys.get(index);
    if (mine.isEmpty()) {
      here.at("keys").warn("are empty: the selector selects nothing");
      return;
    }
    int same = keys.indexOf(mine);
    if (same < index) {
      here.warn("has no effect, as subset_selectors[" + same + "] has the same keys");
      return;
    }
    if (mine.contains("fallback_list") && config.options().metadataFallbackList()) {
      here.at("keys")
          .warn("fallback_list is never asked for, as metadata_fallback_policy reads it");
    }
    if (selector.fallback() != null) {
      prefix(index, here.at("fallback_policy"));
    }
    if (selector.fallback() == Fallback.KEYS_SUBSET
        && !config.options().allowRedundantKeys()
        && !keys.contains(selector.fallbackKeys())) {
      here.at("fallback_keys_subset")
          .warn("are the keys of no selector, so that the common fallback_policy applies");
    }
  }

  /// Envoy keeps selectors in a tree by their keys, and gives a node its fallback only when it adds
  /// it: one that was added on the way to a longer selector stays without. With
  /// `allow_redundant_keys` it adds the longer selectors first.
  private void prefix(int index, Field here) {
    var mine = keys.get(index);
    for (int other = 0; other < keys.size(); other++) {
      var longer = keys.get(other);
      if ((other < index || config.options().allowRedundantKeys())
          && longer.size() > mine.size()
          && longer.subList(0, mine.size()).equals(mine)) {
        here.warn(
            ("applies, other than in Envoy, which ignores it as the keys of subset_selectors[%d]"
                    + " begin with these")
                .formatted(other));
        return;
      }
    }
  }
}
