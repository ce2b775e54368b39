package dev.weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs the benchmarks and puts their figures into a page, in place of those that were there.
public final class BenchmarkPage {
  private static final String BEGIN = "<!-- microbenchmarks: begin -->\n";
  private static final String END = "<!-- microbenchmarks: end -->\n";
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private BenchmarkPage() {}

  /// @param arguments the page, and a regular expression for the benchmarks
  public static void main(String[] arguments) throws IOException, RunnerException {
    var options = new OptionsBuilder().include(arguments[1]).addProfiler(GCProfiler.class).build();
    var load = load();
    var results = new Runner(options).run();
    write(Path.of(arguments[0]), text(results, load));
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).replaceFirst(" .*", "").strip();
  }

  private static String text(Collection<RunResult> results, String load) throws IOException {
    var text = new StringBuilder("## Load balancing\n\n");
    text.append("Made by `mvn -Pjmh -pl benchmarks -am -DskipTests verify`, on Java ");
    text.append(Runtime.version()).append(", ");
    text.append(Runtime.getRuntime().availableProcessors()).append(" cores");
    text.append(". The load average was ").append(load).append(" before and ").append(load());
    text.append(" after, so other work may have taken its part of the time.\n\n");
    text.append("### A pick\n\nNanoseconds, and bytes that are allocated, for a pick.\n\n");
    table(text, results, "PickBenchmark", "hosts", "subsets");
    text.append("\n### A build\n\nMilliseconds to make the balancer of 10,000 hosts, and to pick");
    text.append(" once.\n\n");
    table(text, results, "BuildBenchmark", "subsets", "");
    return text.toString();
  }

  private static void table(
      StringBuilder text, Collection<RunResult> results, String benchmark, String by, String and) {
    var rows = new LinkedHashMap<String, Map<String, String>>();
    var columns = new TreeMap<Integer, String>();
    for (var result : results) {
      var params = result.getParams();
      if (!params.getBenchmark().contains(benchmark)) {
        continue;
      }
      boolean second = !and.isEmpty() && Boolean.parseBoolean(params.getParam(and));
      int order = Integer.parseInt(params.getParam(by)) * 2 + (second ? 1 : 0);
      columns.put(order, by + " " + params.getParam(by) + (second ? ", a subset" : ""));
      rows.computeIfAbsent(params.getParam("policy"), _ -> new LinkedHashMap<>())
          .put(columns.get(order), cell(result, !and.isEmpty()));
    }
    text.append("| policy |");
    columns.values().forEach(column -> text.append(' ').append(column).append(" |"));
    text.append("\n| --- |").repeat(" ---: |", columns.size()).append('\n');
    rows.forEach((policy, cells) -> {
      text.append("| ").append(policy).append(" |");
      for (var column : columns.values()) {
        text.append(' ').append(cells.getOrDefault(column, "–")).append(" |");
      }
      text.append('\n');
    });
  }

  private static String cell(RunResult result, boolean withBytes) {
    var time = String.format(Locale.ROOT, "%.1f", result.getPrimaryResult().getScore());
    if (!withBytes) {
      return time;
    }
    var allocated = result.getSecondaryResults().get(ALLOCATED);
    // Where nothing is allocated, what the harness allocates is left, spread over all picks.
    return time + ", " + (allocated == null ? "?" : Math.round(allocated.getScore())) + " B";
  }

  private static void write(Path page, String text) throws IOException {
    var before = Files.exists(page) ? Files.readString(page) : "# Benchmarks\n";
    int begin = before.indexOf(BEGIN);
    int end = before.indexOf(END);
    var head = begin < 0 ? before + "\n" : before.substring(0, begin);
    var tail = end < 0 ? "" : before.substring(end + END.length());
    Files.writeString(page, head + BEGIN + text + END + tail);
  }
}
