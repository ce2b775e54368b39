package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.LocalRateLimit;
import dev.weir.config.http.RateLimitRule.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All buckets of one limit. Any thread.
final class RateBuckets {
  private final @Nullable RateTokens usual;
  private final boolean alwaysUsual;
  private final Map<List<Entry>, RateTokens> byDescriptor = new HashMap<>();

  RateBuckets(LocalRateLimit config) {
    this.usual = config.bucket() == null ? null : new RateTokens(config.bucket());
    this.alwaysUsual = config.handling().scope().alwaysUsual();
    for (var descriptor : config.descriptors()) {
      byDescriptor.put(descriptor.entries(), new RateTokens(descriptor.bucket()));
    }
  }

  /// What became of a request.
  ///
  /// @param bucket the one that decided; null if there is none
  record Verdict(boolean allowed, @Nullable RateTokens bucket) {}

  /// Takes a token from each bucket that a request needs one of, the slowest first, until one is
  /// empty.
  Verdict take(List<List<Entry>> descriptors) {
    var matched = descriptors.isEmpty() ? List.<RateTokens>of() : matched(descriptors);
    for (var bucket : matched) {
      if (!bucket.take()) {
        return new Verdict(false, bucket);
      }
    }
    if (usual != null && (matched.isEmpty() || alwaysUsual) && !usual.take()) {
      return new Verdict(false, usual);
    }
    return new Verdict(true, matched.isEmpty() ? usual : matched.getFirst());
  }

  private List<RateTokens> matched(List<List<Entry>> descriptors) {
    var found = new ArrayList<RateTokens>(descriptors.size());
    for (var descriptor : descriptors) {
      var bucket = byDescriptor.get(descriptor);
      if (bucket != null) {
        found.add(bucket);
      }
    }
    found.sort(Comparator.comparingLong(RateTokens::nanosPerToken).reversed());
    return found;
  }
}
