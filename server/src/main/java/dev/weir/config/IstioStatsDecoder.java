package dev.weir.config;

import dev.weir.config.IstioStatsConfig.Change;
import dev.weir.proto.istio.stats.MetricConfig;
import dev.weir.proto.istio.stats.PluginConfig;
import dev.weir.proto.istio.stats.Reporter;
import java.time.Duration;
import java.util.HashMap;
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
    return new Change(
        wire.getName(),
        labels(wire.getDimensionsMap(), at),
        Set.copyOf(wire.getTagsToRemoveList()),
        wire.getDrop());
  }

  private static Map<String, LogTemplate> labels(Map<String, String> wire, Field at) {
    var labels = new HashMap<String, LogTemplate>();
    wire.forEach((name, expression) -> {
      var template = AttributeExpression.template(expression);
      if (template == null) {
        at.at("dimensions", name)
            .warn("cannot be evaluated; the label is \"" + Workload.UNKNOWN + "\"");
        template = LogTemplate.literal(Workload.UNKNOWN);
      }
      labels.put(name, template);
    });
    return Map.copyOf(labels);
  }
}
