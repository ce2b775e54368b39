package dev.weir.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a process and its children have used, as the kernel counts it (`proc(5)`).
///
/// @param cpuNanos user and system time
/// @param residentBytes the memory that is theirs: pages shared by several are counted in parts
record Usage(long cpuNanos, long residentBytes) {
  /// `sysconf(_SC_CLK_TCK)` is 100 on every Linux that Java runs on.
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final Usage NONE = new Usage(0, 0);

  /// What they have used by now.
  static Usage of(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .map(one -> ofOne(one.pid()))
        .reduce(NONE, Usage::plus);
  }

  private Usage plus(Usage other) {
    return new Usage(cpuNanos + other.cpuNanos, residentBytes + other.residentBytes);
  }

  private static Usage ofOne(long pid) {
    var folder = Path.of("/proc", Long.toString(pid));
    try {
      var stat = Files.readString(folder.resolve("stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      return new Usage(ticks * NANOS_PER_TICK, resident(folder));
    } catch (IOException _) {
      return NONE; // it has ended meanwhile
    }
  }

  private static long resident(Path folder) throws IOException {
    try (var lines = Files.lines(folder.resolve("smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    }
  }
}
