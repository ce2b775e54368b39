package dev.weir.admin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.Stat;
import dev.weir.telemetry.TextReadout;
import org.jspecify.annotations.Nullable;

/// Which statistics are asked for, and in which form.
///
/// @param filter null for all names
record StatsQuery(
    boolean usedOnly,
    @Nullable Pattern filter,
    boolean invert,
    Type type,
    Format format,
    Buckets buckets) {

  /// Which kinds.
  enum Type {
    ALL,
    COUNTERS,
    GAUGES,
    HISTOGRAMS,
    TEXT_READOUTS
  }

  /// How they are written.
  enum Format {
    TEXT,
    JSON,
    HTML,
    PROMETHEUS
  }

  /// How a histogram is written.
  enum Buckets {
    SUMMARY,
    CUMULATIVE,
    DISJOINT,
    DETAILED
  }

  /// A query that makes no sense.
  static final class BadQueryException extends Exception {
    private static final long serialVersionUID = 1;

    BadQueryException(String reason) {
      super(reason);
    }

    AdminResponse response() {
      return AdminResponse.text(400, String.valueOf(getMessage()));
    }
  }

  /// @throws BadQueryException if it makes no sense
  static StatsQuery of(AdminRequest request) throws BadQueryException {
    return new StatsQuery(
        request.has("usedonly"),
        filter(request.value("filter")),
        request.has("invert_filter"),
        type(request.value("type", "All")),
        format(request.value("format", "text")),
        buckets(request.value("histogram_buckets", "")));
  }

  /// The same for Prometheus, which wants a histogram's buckets unless told otherwise.
  ///
  /// @throws BadQueryException if it makes no sense
  static StatsQuery forPrometheus(AdminRequest request) throws BadQueryException {
    return new StatsQuery(
        request.has("usedonly"),
        filter(request.value("filter")),
        request.has("invert_filter"),
        type(request.value("type", "All")),
        Format.PROMETHEUS,
        buckets(request.value("histogram_buckets", "cumulative")));
  }

  /// The regular expression; null for none.
  ///
  /// @throws BadQueryException if it is none
  static @Nullable Pattern filter(@Nullable String expression) throws BadQueryException {
    try {
      return expression == null ? null : Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new BadQueryException("Invalid re2 regex: " + problem(e));
    }
  }

  private static String problem(PatternSyntaxException e) {
    // RE2 in C++ says `missing ): (`, and tools know it so
    return e.getDescription().replace("missing closing )", "missing )") + ": " + e.getPattern();
  }

  private static Type type(String text) throws BadQueryException {
    return switch (text) {
      case "All" -> Type.ALL;
      case "Counters" -> Type.COUNTERS;
      case "Gauges" -> Type.GAUGES;
      case "Histograms" -> Type.HISTOGRAMS;
      case "TextReadouts" -> Type.TEXT_READOUTS;
      default -> throw new BadQueryException("invalid &type= param");
    };
  }

  private static Format format(String text) throws BadQueryException {
    return switch (text) {
      case "text" -> Format.TEXT;
      case "json" -> Format.JSON;
      case "html", "active-html" -> Format.HTML;
      case "prometheus" -> Format.PROMETHEUS;
      default ->
          throw new BadQueryException(
              "usage: /stats?format=(html|active-html|json|prometheus|text)\n\n");
    };
  }

  private static Buckets buckets(String text) throws BadQueryException {
    return switch (text) {
      case "", "none", "summary" -> Buckets.SUMMARY;
      case "cumulative" -> Buckets.CUMULATIVE;
      case "disjoint" -> Buckets.DISJOINT;
      case "detailed" -> Buckets.DETAILED;
      default ->
          throw new BadQueryException(
              "usage: /stats?histogram_buckets=(cumulative|disjoint|detailed|summary)\n");
    };
  }

  /// Whether this one is asked for.
  boolean wants(String name, Stat stat) {
    if (usedOnly && !stat.used()) {
      return false;
    }
    if (!wantsKind(stat)) {
      return false;
    }
    return filter == null || filter.matcher(name).find() != invert;
  }

  private boolean wantsKind(Stat stat) {
    return switch (type) {
      case ALL -> true;
      case COUNTERS -> stat instanceof Counter;
      case GAUGES -> stat instanceof Gauge;
      case HISTOGRAMS -> stat instanceof Histogram;
      case TEXT_READOUTS -> stat instanceof TextReadout;
    };
  }
}
