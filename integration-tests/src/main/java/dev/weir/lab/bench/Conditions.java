package dev.weir.lab.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Under what conditions a run was made: the machine, the versions, the flags.
final class Conditions {

  private Conditions() {}

  /// As the first lines of a report.
  static String of(Field field, int rounds, Load load) throws IOException {
    var text = new StringBuilder("## The gateway beside its peers\n\n");
    line(text, "when", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
    line(text, "machine", cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
    line(text, "memory", memory());
    line(text, "kernel", System.getProperty("os.version"));
    line(
        text,
        "other load",
        Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0] + " at start");
    line(text, "JDK", System.getProperty("java.vendor") + " " + Runtime.version());
    line(text, "rounds", rounds + ", interleaved; " + load.millis() + " ms measured each");
    line(
        text,
        "warm-up",
        load.warmUpMillis() + " ms for Weir, " + peers(load) + " ms for its peers");
    line(text, "workers", Field.WORKERS + " for each proxy");
    line(text, "open files", Long.toString(Descriptors.limit()));
    for (var contender : field.contenders()) {
      if (contender != Contender.DIRECT && contender != Contender.WEIR_IO_URING) {
        line(text, contender.title(), version(field.program(contender), contender));
      }
    }
    return text.toString();
  }

  private static long peers(Load load) {
    return load.with(Contender.ENVOY).warmUpMillis();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("- ").append(name).append(": ").append(value).append('\n');
  }

  private static String cpu() throws IOException {
    return find(Path.of("/proc/cpuinfo"), "model name");
  }

  private static String memory() throws IOException {
    return find(Path.of("/proc/meminfo"), "MemTotal");
  }

  private static String find(Path file, String key) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }

  private static String version(List<String> program, Contender contender) throws IOException {
    var command = new ArrayList<>(List.of(program.getFirst()));
    command.add(
        contender == Contender.HAPROXY || contender == Contender.NGINX ? "-v" : "--version");
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var line = said.lines().filter(it -> !it.isBlank()).findFirst().orElse("").strip();
    return line.replace(program.getFirst(), contender.title());
  }
}
