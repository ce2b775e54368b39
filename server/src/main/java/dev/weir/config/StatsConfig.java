package dev.weir.config;

import java.util.List;

/// Which statistics are kept, and how they are labelled (`envoy.config.metrics.v3.StatsConfig`).
///
/// @param kept which names are kept
/// @param defaultTags whether Envoy's own tags are extracted, before those given here
/// @param tags further tags, in the order in which they are extracted
/// @param buckets bucket bounds of some histograms; the first that matches a name counts
public record StatsConfig(
    StatsFilter kept, boolean defaultTags, List<StatTag> tags, List<BucketRule> buckets) {

  /// What holds where nothing is configured.
  public static final StatsConfig DEFAULT =
      new StatsConfig(StatsFilter.ALL, true, List.of(), List.of());

  public StatsConfig {
    tags = List.copyOf(tags);
    buckets = List.copyOf(buckets);
  }

  /// Which names are kept (`StatsMatcher`).
  ///
  /// @param rules what names are held against
  /// @param inclusive whether those are kept that follow a rule, or those that follow none
  public record StatsFilter(List<TextMatch> rules, boolean inclusive) {
    /// Keeps every name.
    public static final StatsFilter ALL = new StatsFilter(List.of(), false);

    /// Keeps no name.
    public static final StatsFilter NONE = new StatsFilter(List.of(), true);

    public StatsFilter {
      rules = List.copyOf(rules);
    }

    /// Whether a full name is kept.
    public boolean keeps(String name) {
      for (var rule : rules) {
        if (rule.test(name)) {
          return inclusive;
        }
      }
      return !inclusive;
    }
  }

  /// A tag of statistics (`TagSpecifier`).
  public sealed interface StatTag {
    /// The tag's name, such as `envoy.cluster_name`.
    String name();

    /// Envoy's own tag of this name.
    record Known(String name) implements StatTag {}

    /// A tag that every statistic has.
    record Fixed(String name, String value) implements StatTag {}

    /// A tag cut out of names.
    ///
    /// @param regex its first group is removed from the name; its second, or else its first, is the
    ///   value
    record Extracted(String name, String regex) implements StatTag {}
  }

  /// Bucket bounds of the histograms whose names match.
  ///
  /// @param bounds ascending
  public record BucketRule(TextMatch names, List<Double> bounds) {
    public BucketRule {
      bounds = List.copyOf(bounds);
    }
  }
}
