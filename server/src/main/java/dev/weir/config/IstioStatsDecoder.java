package dev.weir.config;

import dev.weir.config.IstioStatsConfig.Change;
import dev.weir.proto.istio.stats.MetricConfig;
import dev.weir.proto.istio.stats.PluginConfig;
import dev.weir.proto.istio.stats.Reporter;
import dev.weir.xds.InvalidResourceException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Makes [IstioStatsConfig]s.
public final class IstioStatsDecoder {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private IstioStatsDecoder() {}

  /// Reads the message. What it cannot say about a metric is a warning: metrics decide nothing.
  public static IstioStatsConfig stats(PluginConfig wire, Field at) {
    at.withoutEffect(wire.getDefinitionsCount() > 0, "definitions");
    at.withoutEffect(wire.hasRotationInterval(), "rotation_interval");
    return new IstioStatsConfig(
        wire.getReporter() == Reporter.SERVER_GATEWAY,
        ScalarDecoder.duration(
            wire.hasTcpReportingDuration(), wire.getTcpReportingDuration(), INTERVAL),
        !wire.getDisableHostHeaderFallback(),
        at.each("metrics", wire.getMetricsList(), IstioStatsDecoder::change));
  }

  private static Change change(MetricConfig wire, Field at) {
    var labels = new HashMap<String, CelExpression>();
    var removed = new HashSet<String>(wire.getTagsToRemoveList());
    wire.getDimensionsMap()
        .forEach((name, expression) -> {
          var there = at.at("dimensions", name);
          try {
            labels.put(name, CelDecoder.text(expression, there));
          } catch (InvalidResourceException e) {
            there.warn("the label is left out: " + e.getMessage());
            removed.add(name);
          }
        });
    return new Change(wire.getName(), Map.copyOf(labels), Set.copyOf(removed), wire.getDrop());
  }
}
