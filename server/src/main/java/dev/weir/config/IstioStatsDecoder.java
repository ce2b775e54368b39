package dev.weir.config;

import dev.weir.config.IstioStatsConfig.Change;
import dev.weir.proto.istio.stats.MetricConfig;
import dev.weir.proto.istio.stats.PluginConfig;
import dev.weir.proto.istio.stats.Reporter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Makes [IstioStatsConfig]s.
public final class IstioStatsDecoder {
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  /// A text in quotes, the one kind of expression that needs no evaluation.
  private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

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
    at.withoutEffect(!wire.getMatch().isEmpty(), "match");
    return new Change(
        wire.getName(),
        labels(wire.getDimensionsMap(), at),
        Set.copyOf(wire.getTagsToRemoveList()),
        wire.getDrop());
  }

  private static Map<String, String> labels(Map<String, String> wire, Field at) {
    var labels = new HashMap<String, String>();
    wire.forEach((name, expression) -> {
      var quoted = QUOTED.matcher(expression);
      if (quoted.matches()) {
        labels.put(name, quoted.group(1) == null ? quoted.group(2) : quoted.group(1));
      } else {
        labels.put(name, Workload.UNKNOWN);
        at.at("dimensions", name)
            .warn("expressions are not evaluated; the label is \"" + Workload.UNKNOWN + "\"");
      }
    });
    return Map.copyOf(labels);
  }
}
