package dev.weir.telemetry;

import com.google.re2j.Pattern;
import dev.weir.config.Re2;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a reader of statistics wants to see.
///
/// @param filter only names in which this is found; null for all
/// @param inverted only names in which it is not found instead
/// @param usedOnly only what was ever recorded
/// @param kind only statistics of this kind; null for all
/// @param histograms how histograms are shown
/// @param texts whether Prometheus is shown texts, as labels
public record StatsQuery(
    @Nullable Pattern filter,
    boolean inverted,
    boolean usedOnly,
    @Nullable StatKind kind,
    HistogramView histograms,
    boolean texts) {

  /// Everything.
  public static final StatsQuery ALL =
      new StatsQuery(null, false, false, null, HistogramView.UNSPECIFIED, false);

  /// Reads the parameters of a request to `/stats`. Others than those known are not looked at, and
  /// an empty one counts as none.
  ///
  /// @param parameters decoded; a parameter without a value is empty
  /// @throws IllegalArgumentException with the text of Envoy's answer, which has status 400
  public static StatsQuery of(Map<String, String> parameters) {
    return new StatsQuery(
        filter(value(parameters, "filter", "")),
        parameters.containsKey("invert_filter"),
        parameters.containsKey("usedonly"),
        kind(value(parameters, "type", "All")),
        histograms(value(parameters, "histogram_buckets", "none")),
        parameters.containsKey("text_readouts"));
  }

  private static String value(Map<String, String> parameters, String name, String otherwise) {
    var value = parameters.getOrDefault(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  /// What a parameter `filter` asks for; null if it is empty.
  ///
  /// @throws IllegalArgumentException with the text of Envoy's answer, which has status 400
  public static @Nullable Pattern filter(String expression) {
    if (expression.isEmpty()) {
      return null;
    }
    try {
      return Re2.compile(expression);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Invalid re2 regex: " + e.getMessage(), e);
    }
  }

  private static @Nullable StatKind kind(String type) {
    return switch (type) {
      case "Counters" -> StatKind.COUNTER;
      case "Gauges" -> StatKind.GAUGE;
      case "Histograms" -> StatKind.HISTOGRAM;
      case "TextReadouts" -> StatKind.TEXT;
      case "All" -> null;
      default -> throw new IllegalArgumentException("invalid &type= param");
    };
  }

  private static HistogramView histograms(String text) {
    var view = HistogramView.find(text);
    if (view == null) {
      throw new IllegalArgumentException(
          "usage: /stats?histogram_buckets=(cumulative|disjoint|detailed|summary|prometheusnative)\n");
    }
    return view;
  }

  boolean wants(String name, Stat stat) {
    return (!usedOnly || stat.used())
        && (filter == null || filter.matcher(name).find() != inverted);
  }
}
