package dev.weir.admin;

import dev.weir.admin.Page.Parameter;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.StatsPage;
import dev.weir.telemetry.StatsQuery;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Function;

/// The pages that show statistics.
final class StatsPages {
  private static final Parameter USED_ONLY =
      Parameter.flag("usedonly", "Only what was written since the start");
  private static final Parameter FILTER =
      Parameter.text("filter", "Regular expression (RE2) that a part of the name matches");
  private static final Parameter INVERT =
      Parameter.flag("invert_filter", "Only what the filter does not match");

  private final Stats stats;
  private final StatsPage page;

  StatsPages(Stats stats) {
    this.stats = stats;
    this.page = new StatsPage(stats);
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
    return answer(
        request,
        query ->
            switch (request.value("format", "text")) {
              case "text" -> AdminResponse.text(out -> page.text(query, out));
              case "json" -> AdminResponse.json(out -> page.json(query, out));
              case "html", "active-html" -> html(query);
              case "prometheus" -> prometheus(query);
              default ->
                  AdminResponse.text(
                      400, "usage: /stats?format=(html|active-html|json|prometheus|text)\n\n");
            });
  }

  private AdminResponse html(StatsQuery query) {
    return new AdminResponse(
        200,
        AdminResponse.HTML,
        out -> {
          var text = new StringWriter();
          page.text(query, text);
          out.append(
              "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Statistics</title></head>\n");
          out.append("<body>\n<pre>\n").append(HomePage.escape(text.toString()));
          out.append("</pre>\n</body>\n</html>\n");
        });
  }

  private AdminResponse prometheus(AdminRequest request) {
    return answer(request, this::prometheus);
  }

  private AdminResponse prometheus(StatsQuery query) {
    return query.histograms().suitsPrometheus()
        ? AdminResponse.text(out -> page.prometheus(query, out))
        : AdminResponse.text(400, "unsupported prometheus histogram bucket mode");
  }

  private static AdminResponse answer(
      AdminRequest request, Function<StatsQuery, AdminResponse> page) {
    StatsQuery query;
    try {
      query = StatsQuery.of(request.query());
    } catch (IllegalArgumentException e) {
      return AdminResponse.text(400, String.valueOf(e.getMessage()));
    }
    return page.apply(query);
  }

  private AdminResponse reset() {
    stats.resetCounters();
    return AdminResponse.ok();
  }
}
