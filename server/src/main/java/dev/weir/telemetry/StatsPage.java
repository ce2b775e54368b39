package dev.weir.telemetry;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Shows statistics as Envoy's admin interface does. Any thread.
public final class StatsPage {
  private final Stats stats;
  private final Tags tags;
  private final BucketBounds bounds;

  /// Shows these statistics, with tags and buckets as configured.
  public StatsPage(Stats stats) {
    this.stats = stats;
    this.tags = Tags.of(stats.config());
    this.bounds = new BucketBounds(stats.config().buckets());
  }

  /// Lines of `name: value`: texts, then counters and gauges, then histograms, each sorted by name.
  ///
  /// @throws IOException if the writer fails
  public void text(StatsQuery query, Writer out) throws IOException {
    new TextPage(bounds, query.histograms(), out).write(sorted(query));
  }

  /// One JSON object with a member `stats`.
  ///
  /// @throws IOException if the writer fails
  public void json(StatsQuery query, Writer out) throws IOException {
    new JsonPage(bounds, query.histograms(), out).write(sorted(query));
  }

  /// The exposition format of Prometheus. The query's kind is not looked at, as Envoy does not.
  ///
  /// @throws IOException if the writer fails
  /// @throws IllegalArgumentException if histograms are wanted in a view that Prometheus has not
  public void prometheus(StatsQuery query, Writer out) throws IOException {
    var page = new PrometheusPage(stats, tags, bounds, query, out);
    stats.forEach((name, stat) -> {
      if (query.wants(name, stat)) {
        page.add(name, stat);
      }
    });
    page.write();
  }

  private List<NamedStat> sorted(StatsQuery query) {
    var found = new ArrayList<NamedStat>();
    stats.forEach((name, stat) -> {
      boolean kind = query.kind() == null || query.kind() == StatKind.of(stat);
      if (kind && query.wants(name, stat)) {
        found.add(new NamedStat(name, stat));
      }
    });
    found.sort(Comparator.comparing(NamedStat::name));
    return found;
  }
}
