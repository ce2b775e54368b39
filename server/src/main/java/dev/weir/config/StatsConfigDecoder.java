package dev.weir.config;

import dev.weir.config.StatsConfig.BucketRule;
import dev.weir.config.StatsConfig.StatTag;
import dev.weir.config.StatsConfig.StatsFilter;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.metrics.v3.HistogramBucketSettings;
import io.envoyproxy.envoy.config.metrics.v3.StatsMatcher;
import io.envoyproxy.envoy.config.metrics.v3.TagSpecifier;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// Makes [StatsConfig]s. Any thread may call.
public final class StatsConfigDecoder {
  private StatsConfigDecoder() {}

  /// Makes config of a bootstrap's `stats_config`.
  ///
  /// @throws InvalidResourceException if there is no going on; other problems are noted at `at`
  public static StatsConfig decode(io.envoyproxy.envoy.config.metrics.v3.StatsConfig wire, Field at)
      throws InvalidResourceException {
    return new StatsConfig(
        wire.hasStatsMatcher()
            ? filter(wire.getStatsMatcher(), at.at("stats_matcher"))
            : StatsFilter.ALL,
        !wire.hasUseAllDefaultTags() || wire.getUseAllDefaultTags().getValue(),
        at.each("stats_tags", wire.getStatsTagsList(), StatsConfigDecoder::tag),
        at.each(
            "histogram_bucket_settings",
            wire.getHistogramBucketSettingsList(),
            StatsConfigDecoder::buckets));
  }

  private static StatsFilter filter(StatsMatcher wire, Field at) throws InvalidResourceException {
    return switch (wire.getStatsMatcherCase()) {
      case REJECT_ALL -> wire.getRejectAll() ? StatsFilter.NONE : StatsFilter.ALL;
      case EXCLUSION_LIST ->
          new StatsFilter(rules(wire.getExclusionList(), at.at("exclusion_list")), false);
      case INCLUSION_LIST ->
          new StatsFilter(rules(wire.getInclusionList(), at.at("inclusion_list")), true);
      case STATSMATCHER_NOT_SET -> throw at.invalid("a matcher is required");
    };
  }

  private static List<TextMatch> rules(ListStringMatcher wire, Field at) {
    return at.each("patterns", wire.getPatternsList(), TextMatchDecoder::decode);
  }

  private static StatTag tag(TagSpecifier wire, Field at) throws InvalidResourceException {
    String name = wire.getTagName();
    return switch (wire.getTagValueCase()) {
      case FIXED_VALUE -> new StatTag.Fixed(name, wire.getFixedValue());
      case REGEX ->
          wire.getRegex().isEmpty()
              ? new StatTag.Known(name)
              : extracted(name, wire.getRegex(), at);
      case TAGVALUE_NOT_SET -> new StatTag.Known(name);
    };
  }

  private static StatTag extracted(String name, String regex, Field at)
      throws InvalidResourceException {
    try {
      if (TagRegex.compile(regex).matcher("").groupCount() == 0) {
        at.warn("finds no tag, as the regex has no group that says what is cut out");
      }
    } catch (PatternSyntaxException e) {
      throw at.invalid("Invalid regex '" + regex + "': " + e.getDescription());
    }
    return new StatTag.Extracted(name, regex);
  }

  private static BucketRule buckets(HistogramBucketSettings wire, Field at)
      throws InvalidResourceException {
    return new BucketRule(
        TextMatchDecoder.decode(wire.getMatch(), at.at("match")),
        wire.getBucketsList().stream().sorted().toList());
  }
}
