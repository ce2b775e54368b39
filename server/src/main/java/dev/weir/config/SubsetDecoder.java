package dev.weir.config;

import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.config.LbConfig.SubsetConfig.Selector;
import dev.weir.config.LbConfig.SubsetConfig.SubsetOptions;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbSubsetConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbSubsetConfig.LbSubsetMetadataFallbackPolicy;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbSubsetConfig.LbSubsetSelector;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes [SubsetConfig]s.
final class SubsetDecoder {
  private SubsetDecoder() {}

  /// Null where there is no selector: then all the rest is without effect too. A selector without
  /// keys selects nothing, yet its presence puts the fallback in force.
  static @Nullable SubsetConfig subsets(LbSubsetConfig wire, Field at) {
    return subsets(wire, false, at);
  }

  static @Nullable SubsetConfig subsets(LbSubsetConfig wire, boolean allowRedundantKeys, Field at) {
    if (wire.getSubsetSelectorsCount() == 0) {
      if (!wire.equals(LbSubsetConfig.getDefaultInstance())) {
        at.warn("has no effect without subset_selectors");
      }
      return null;
    }
    var config =
        new SubsetConfig(
            fallback(wire),
            MetadataDecoder.match(wire.getDefaultSubset()),
            at.each("subset_selectors", wire.getSubsetSelectorsList(), SubsetDecoder::selector),
            new SubsetOptions(
                wire.getLocalityWeightAware(),
                wire.getScaleLocalityWeight(),
                wire.getPanicModeAny(),
                wire.getListAsAny(),
                wire.getMetadataFallbackPolicy() == LbSubsetMetadataFallbackPolicy.FALLBACK_LIST,
                allowRedundantKeys));
    SubsetWarnings.warn(config, at);
    return config.withoutEmptySelectors();
  }

  private static Fallback fallback(LbSubsetConfig wire) {
    return switch (wire.getFallbackPolicy()) {
      case ANY_ENDPOINT -> Fallback.ANY_ENDPOINT;
      case DEFAULT_SUBSET -> Fallback.DEFAULT_SUBSET;
      case NO_FALLBACK, UNRECOGNIZED -> Fallback.NO_FALLBACK;
    };
  }

  private static Selector selector(LbSubsetSelector wire, Field at) {
    var keys = sorted(wire.getKeysList());
    var fallbackKeys = sorted(wire.getFallbackKeysSubsetList());
    var fallback = fallback(wire);
    if (fallback == Fallback.KEYS_SUBSET) {
      at.check(!fallbackKeys.isEmpty(), "fallback_keys_subset cannot be empty");
      at.check(
          keys.containsAll(fallbackKeys), "fallback_keys_subset must be a subset of selector keys");
      at.check(!fallbackKeys.equals(keys), "fallback_keys_subset cannot be equal to keys");
    } else {
      at.check(
          fallbackKeys.isEmpty(),
          "fallback_keys_subset can be set only for KEYS_SUBSET fallback_policy");
    }
    return new Selector(keys, fallback, fallbackKeys, wire.getSingleHostPerSubset());
  }

  private static List<String> sorted(List<String> keys) {
    return List.copyOf(new TreeSet<>(keys));
  }

  private static @Nullable Fallback fallback(LbSubsetSelector wire) {
    return switch (wire.getFallbackPolicy()) {
      case NO_FALLBACK -> Fallback.NO_FALLBACK;
      case ANY_ENDPOINT -> Fallback.ANY_ENDPOINT;
      case DEFAULT_SUBSET -> Fallback.DEFAULT_SUBSET;
      case KEYS_SUBSET -> Fallback.KEYS_SUBSET;
      case NOT_DEFINED, UNRECOGNIZED -> null;
    };
  }
}
