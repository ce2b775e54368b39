package dev.weir.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many files a process of this user may have open.
final class Descriptors {

  private Descriptors() {}

  /// The hard limit (`proc(5)`), which a process may raise its own limit to.
  static long limit() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.substring("Max open files".length()).strip().split("\\s+", -1)[1])
          .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
          .findFirst()
          .orElseThrow(() -> new IOException("no limit of open files"));
    }
  }
}
