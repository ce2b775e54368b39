package dev.weir.admin;

import dev.weir.admin.Page.Parameter;
import dev.weir.admin.StatsQuery.BadQueryException;
import dev.weir.telemetry.Stats;
import java.util.List;

/// The pages that show statistics.
final class StatsPages {
  private static final Parameter USED_ONLY =
      Parameter.flag("usedonly", "Only what was written since the start");
  private static final Parameter FILTER =
      Parameter.text("filter", "Regular expression (RE2) that a part of the name matches");
  private static final Parameter INVERT =
      Parameter.flag("invert_filter", "Only what the filter does not match");

  private final Stats stats;

  StatsPages(Stats stats) {
    this.stats = stats;
  }

  List<Page> all() {
    return List.of(
        Page.view(
            "/stats",
            "Statistics",
            this::stats,
            USED_ONLY,
            FILTER,
            INVERT,
            Parameter.choice("format", "How to write them", "text", "json", "html", "prometheus"),
            Parameter.choice(
                "type", "Which kind", "All", "Counters", "Histograms", "Gauges", "TextReadouts"),
            Parameter.choice(
                "histogram_buckets",
                "How to write histograms",
                "summary",
                "cumulative",
                "disjoint",
                "detailed")),
        Page.view(
            "/stats/prometheus",
            "Statistics for Prometheus",
            this::prometheus,
            USED_ONLY,
            Parameter.flag("text_readouts", "Texts as gauges of value 0"),
            FILTER,
            INVERT,
            Parameter.choice(
                "histogram_buckets", "How to write histograms", "cumulative", "summary")),
        Page.view(
            "/stats/recentlookups",
            "Look-ups of statistics by name (not tracked)",
            _ -> AdminResponse.text("Lookup tracking is not enabled.\n\ntotal: 0\n")),
        Page.action("/reset_counters", "Set all counters to zero", _ -> reset()));
  }

  private AdminResponse stats(AdminRequest request) {
    StatsQuery query;
    try {
      query = StatsQuery.of(request);
    } catch (BadQueryException e) {
      return e.response();
    }
    return switch (query.format()) {
      case TEXT ->
          AdminResponse.text(
              out -> StatsText.write(StatsView.of(stats, query), query.buckets(), out));
      case JSON ->
          AdminResponse.json(
              out -> StatsJson.write(StatsView.of(stats, query), query.buckets(), out));
      case HTML -> html(query);
      case PROMETHEUS -> prometheus(request);
    };
  }

  private AdminResponse html(StatsQuery query) {
    return new AdminResponse(
        200,
        AdminResponse.HTML,
        out -> {
          var text = new StringBuilder();
          StatsText.write(StatsView.of(stats, query), query.buckets(), text);
          out.append(
              "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Statistics</title></head>\n");
          out.append("<body>\n<pre>\n").append(HomePage.escape(text.toString()));
          out.append("</pre>\n</body>\n</html>\n");
        });
  }

  private AdminResponse prometheus(AdminRequest request) {
    try {
      var query = StatsQuery.forPrometheus(request);
      return AdminResponse.text(
          out -> PrometheusText.write(stats, query, request.has("text_readouts"), out));
    } catch (BadQueryException e) {
      return e.response();
    }
  }

  private AdminResponse reset() {
    stats.resetCounters();
    return AdminResponse.ok();
  }
}
