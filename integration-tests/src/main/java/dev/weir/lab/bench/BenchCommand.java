package dev.weir.lab.bench;

import dev.weir.lab.EnvoyBinary;
import dev.weir.lab.LabModule;
import dev.weir.lab.bench.Course.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `weir bench`: measures Weir beside its peers on this machine.
@Command(
    name = "bench",
    description = {
      "Measures Weir beside Envoy, and beside HAProxy and nginx where they are installed.",
      "Prints the figures and writes them, with charts, to integration-tests/BENCHMARKS.md."
    })
public final class BenchCommand implements Callable<Integer> {

  @Option(names = "--launcher", required = true, hidden = true)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path launcher;

  @Option(names = "--only", description = "Regular expression for the scenarios to run")
  private String only = ".*";

  @Option(names = "--list", description = "List the scenarios and run none")
  private boolean list;

  @Option(names = "--rounds", description = "Rounds (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(names = "--seconds", description = "Measured in each (default: ${DEFAULT-VALUE})")
  private int seconds = 3;

  @Option(
      names = "--warm-up",
      description = {
        "Seconds of the same load before, for Weir, whose JVM compiles meanwhile; at most 3 for"
            + " its",
        "peers (default: ${DEFAULT-VALUE})"
      })
  private int warmUp = 15;

  @Option(names = "--io-uring", description = "Have Weir take part by io_uring too")
  private boolean uring;

  @Option(names = "--out", description = "Page to write to; the default is the project's")
  private Path page = LabModule.path("BENCHMARKS.md");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help")
  @SuppressWarnings("UnusedVariable") // picocli sets it, and acts on it
  private boolean help;

  @Override
  public Integer call() throws IOException {
    var load = new Load(warmUp * 1_000L, seconds * 1_000L);
    var wanted = Pattern.compile(only).asMatchPredicate();
    var scenarios = all(load).stream().filter(it -> wanted.test(it.title())).toList();
    if (list || scenarios.isEmpty()) {
      scenarios.forEach(it -> System.out.println(it.title()));
      return scenarios.isEmpty() ? 1 : 0;
    }
    var work = Files.createDirectories(LabModule.target().resolve("bench"));
    var field =
        new Field(Files.createTempDirectory(work, "run"), launcher, uring, EnvoyBinary.path());
    Certificate.make(field.work());
    var conditions = Conditions.of(field, rounds, load);
    System.out.print(conditions);
    var figures = new ArrayList<Figures>();
    int failures = 0;
    for (var scenario : scenarios) {
      var one = new Figures(scenario);
      failures += run(one, field);
      figures.add(one);
      Report.write(page, Report.of(conditions, figures)); // so that nothing is lost
    }
    System.out.println(Report.of("", figures));
    System.out.println("written to " + page);
    return failures == 0 ? 0 : 1;
  }

  private static List<Scenario> all(Load load) {
    var all = new ArrayList<Scenario>();
    List.of(1, 8, 64).forEach(streams -> all.add(new BulkScenario(Kind.PLAIN, streams, load)));
    all.add(new BulkScenario(Kind.TLS_DOWNSTREAM, 8, load));
    all.add(new BulkScenario(Kind.TLS_BOTH, 8, load));
    for (int bytes : List.of(64, 16_384)) {
      List.of(1, 64, 1_000).forEach(n -> all.add(new RequestScenario(n, bytes, load)));
    }
    all.add(new ConnectScenario(Kind.PLAIN, 32, load));
    all.add(new ConnectScenario(Kind.TUNNEL, 32, load));
    for (boolean client : List.of(false, true)) {
      List.of(false, true).forEach(server -> all.add(new HttpScenario(client, server, load)));
    }
    all.add(new IdleScenario(20_000, load));
    all.add(new StartScenario());
    all.add(new PushScenario(10_000, load));
    all.add(new SubsetScenario(10_000));
    return all;
  }

  /// @return how many runs failed
  private int run(Figures figures, Field field) {
    var scenario = figures.scenario();
    int failures = 0;
    for (int round = 1; round <= rounds; round++) {
      for (var contender : field.contenders()) {
        if (!scenario.fits(contender)) {
          continue;
        }
        System.out.printf(
            "%s, round %d of %d, %s: ", scenario.title(), round, rounds, contender.title());
        try {
          var values = scenario.measure(contender, field);
          figures.add(contender, values);
          System.out.println(said(scenario, values));
        } catch (IOException | java.io.UncheckedIOException e) {
          failures++;
          System.out.println("failed: " + e.getMessage());
        }
      }
    }
    return failures;
  }

  private static String said(Scenario scenario, double[] values) {
    var said = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      var metric = scenario.metrics().get(i);
      said.append(i == 0 ? "" : ", ")
          .append("%s %,.2f %s".formatted(metric.name(), values[i], metric.unit()).strip());
    }
    return said.toString();
  }
}
