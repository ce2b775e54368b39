package dev.weir.telemetry;

import dev.weir.config.StatsConfig.BucketRule;
import java.util.List;

/// Which bucket bounds a histogram is shown with.
record BucketBounds(List<BucketRule> rules) {

  List<Double> of(String name) {
    for (var rule : rules) {
      if (rule.names().test(name)) {
        return rule.bounds();
      }
    }
    return Distribution.BOUNDS;
  }
}
