package dev.weir.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Tables and charts of a run, as Markdown.
final class Report {
  private static final String BEGIN = "<!-- weir bench: begin -->\n";
  private static final String END = "<!-- weir bench: end -->\n";

  private Report() {}

  /// All of a run.
  ///
  /// @param conditions the machine, the versions and the command
  static String of(String conditions, List<Figures> all) {
    return conditions + "\n" + all.stream().map(Report::section).collect(Collectors.joining("\n"));
  }

  private static String section(Figures figures) {
    return "### " + figures.scenario().title() + "\n\n" + table(figures) + "\n" + chart(figures);
  }

  private static String table(Figures figures) {
    var contenders = figures.contenders();
    var text = new StringBuilder("| median (lowest – highest) |");
    contenders.forEach(it -> text.append(' ').append(it.title()).append(" |"));
    text.append(" Weir : Envoy | aim |\n| --- |")
        .repeat(" ---: |", contenders.size() + 1)
        .append(" --- |\n");
    var metrics = figures.scenario().metrics();
    for (int i = 0; i < metrics.size(); i++) {
      text.append("| ").append(label(metrics.get(i))).append(" |");
      for (var contender : contenders) {
        text.append(' ').append(spread(figures.values(contender, i))).append(" |");
      }
      double ratio = figures.ratio(i);
      text.append(' ').append(Double.isNaN(ratio) ? "–" : "%.2f".formatted(ratio)).append(" | ");
      text.append(verdict(metrics.get(i), ratio)).append(" |\n");
    }
    return text.toString();
  }

  private static String label(Metric metric) {
    return metric.unit().isEmpty() ? metric.name() : metric.name() + ", " + metric.unit();
  }

  private static String spread(double[] sorted) {
    if (sorted.length == 0 || Double.isNaN(sorted[0])) {
      return "–";
    }
    var median = number(sorted[sorted.length / 2]);
    return sorted.length == 1
        ? median
        : median + " (" + number(sorted[0]) + " – " + number(sorted[sorted.length - 1]) + ")";
  }

  private static String number(double value) {
    return value >= 100
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
  }

  private static String verdict(Metric metric, double ratio) {
    if (!metric.hasAim()) {
      return "–";
    }
    var aim = (metric.lowerIsBetter() ? "≤ " : "≥ ") + metric.aim();
    return Double.isNaN(ratio) ? aim : aim + (metric.met(ratio) ? ", met" : ", **missed**");
  }

  /// A bar for each contender, of the first metric.
  private static String chart(Figures figures) {
    var shown =
        figures.contenders().stream().filter(it -> !Double.isNaN(figures.median(it, 0))).toList();
    var names = shown.stream().map(it -> '"' + it.title() + '"').collect(Collectors.joining(", "));
    var bars =
        shown.stream()
            .map(it -> String.format(Locale.ROOT, "%.2f", figures.median(it, 0)))
            .collect(Collectors.joining(", "));
    return """
    ```mermaid
    xychart-beta
      title "%s: %s"
      x-axis [%s]
      bar [%s]
    ```
    """
        .formatted(
            figures.scenario().title(),
            label(figures.scenario().metrics().getFirst()),
            names,
            bars);
  }

  /// Puts a report into a page, in place of the one that was there; what else the page says stays.
  static void write(Path page, String report) throws IOException {
    var before = Files.exists(page) ? Files.readString(page) : "# Benchmarks\n";
    int begin = before.indexOf(BEGIN);
    int end = before.indexOf(END);
    var head = begin < 0 ? before + "\n" : before.substring(0, begin);
    var tail = end < 0 ? "" : before.substring(end + END.length());
    Files.writeString(page, head + BEGIN + report + END + tail);
  }
}
