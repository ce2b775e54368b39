package dev.weir.lab.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// How long a JVM's collector has stopped the world, from its log (`-Xlog:gc`).
///
/// @param log may not exist, as other programs write none
record Pauses(Path log) {
  private static final Pattern PAUSE = Pattern.compile("Pause .* (\\d+\\.\\d+)ms");

  /// Of what runs in this folder.
  static Pauses in(Path folder) {
    return new Pauses(folder.resolve("gc.log"));
  }

  /// Where the log ends now.
  long mark() throws IOException {
    return Files.exists(log) ? Files.size(log) : 0;
  }

  /// The longest pause that was logged since a mark, in milliseconds; 0 if there was none, and not
  /// a number if there is no log.
  double longestMillisSince(long mark) throws IOException {
    if (!Files.exists(log)) {
      return Double.NaN;
    }
    var all = Files.readAllBytes(log);
    var since = new String(all, (int) mark, all.length - (int) mark, StandardCharsets.ISO_8859_1);
    return since
        .lines()
        .map(PAUSE::matcher)
        .filter(java.util.regex.Matcher::find)
        .mapToDouble(match -> Double.parseDouble(match.group(1)))
        .max()
        .orElse(0);
  }
}
