package dev.weir.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a cluster chooses among its hosts.
///
/// @param subsets null where there is no `lb_subset_config` with a selector
public record LbConfig(Policy policy, @Nullable SubsetConfig subsets, Common common) {

  /// The policy inside a priority and locality.
  public sealed interface Policy {
    /// `ROUND_ROBIN`.
    record RoundRobin(@Nullable SlowStart slowStart) implements Policy {}

    /// `LEAST_REQUEST`.
    ///
    /// @param choiceCount hosts that are compared, at least 2
    /// @param activeRequestBias exponent of the load, at least 0
    /// @param fullScan compares all hosts
    record LeastRequest(
        int choiceCount, double activeRequestBias, boolean fullScan, @Nullable SlowStart slowStart)
        implements Policy {}

    /// `RANDOM`.
    record Random() implements Policy {}

    /// `RING_HASH`.
    record RingHash(long minimumRingSize, long maximumRingSize, boolean murmur, Hashing hashing)
        implements Policy {
      /// `minimum_ring_size` where it is not said.
      public static final long MIN_SIZE = 1024;

      /// `maximum_ring_size` where it is not said.
      public static final long MAX_SIZE = 8 * 1024 * 1024;
    }

    /// `MAGLEV`.
    ///
    /// @param tableSize a prime of at most 5,000,011
    record Maglev(int tableSize, Hashing hashing) implements Policy {}

    /// `CLUSTER_PROVIDED`: the kind of cluster brings its own.
    record ClusterProvided() implements Policy {}
  }

  /// `consistent_hashing_lb_config`.
  ///
  /// @param balanceFactor bounded load in percent, at least 100; 0 for none
  public record Hashing(boolean useHostname, int balanceFactor) {
    /// By address, unbounded.
    public static final Hashing DEFAULT = new Hashing(false, 0);
  }

  /// `SlowStartConfig`.
  public record SlowStart(Duration window, double aggression, double minWeightPercent) {}

  /// `lb_subset_config`.
  ///
  /// @param defaultSubset the pairs of `default_subset`
  public record SubsetConfig(
      Fallback fallback,
      SubsetMatch defaultSubset,
      List<Selector> selectors,
      SubsetOptions options) {

    /// The same without selectors that have no keys: they select nothing.
    SubsetConfig withoutEmptySelectors() {
      var selecting = selectors.stream().filter(it -> !it.keys().isEmpty()).toList();
      return new SubsetConfig(fallback, defaultSubset, selecting, options);
    }

    /// The switches of `lb_subset_config`.
    ///
    /// @param metadataFallbackList `metadata_fallback_policy: FALLBACK_LIST`
    public record SubsetOptions(
        boolean localityWeightAware,
        boolean scaleLocalityWeight,
        boolean panicModeAny,
        boolean listAsAny,
        boolean metadataFallbackList,
        boolean allowRedundantKeys) {}

    /// `LbSubsetSelector`.
    ///
    /// @param keys sorted, without repetition
    /// @param fallback null where the one of the whole configuration applies
    /// @param fallbackKeys for [Fallback#KEYS_SUBSET]
    public record Selector(
        List<String> keys,
        @Nullable Fallback fallback,
        List<String> fallbackKeys,
        boolean singleHostPerSubset) {}

    /// What happens when no subset matches.
    public enum Fallback {
      NO_FALLBACK,
      ANY_ENDPOINT,
      DEFAULT_SUBSET,
      KEYS_SUBSET
    }
  }

  /// `common_lb_config`, as far as every policy shares it.
  ///
  /// @param panicThreshold in percent, 0–100; 0 never panics
  /// @param localityWeighted `locality_weighted_lb_config`
  /// @param zoneAware for those whose localities are not weighted, or have no weight
  /// @param updateMergeWindow how long updates of health, weight and metadata are gathered; zero
  ///   applies each
  public record Common(
      double panicThreshold,
      boolean localityWeighted,
      ZoneAware zoneAware,
      Duration updateMergeWindow,
      boolean ignoreNewHostsUntilFirstHealthCheck,
      boolean closeConnectionsOnHostSetChange) {}

  /// `zone_aware_lb_config`.
  ///
  /// @param routingEnabled in percent, 0–100
  /// @param forceLocalZone at least so many healthy hosts in the own zone get all of its traffic; 0
  ///   for never
  /// @param byHostWeight measures a zone by the weight of its hosts instead of their number
  public record ZoneAware(
      double routingEnabled,
      long minClusterSize,
      boolean failTrafficOnPanic,
      long forceLocalZone,
      boolean byHostWeight) {
    /// For everybody, once a cluster has six hosts.
    public static final ZoneAware DEFAULT = new ZoneAware(100, 6, false, 0, false);
  }
}
