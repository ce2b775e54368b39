package dev.weir.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Programs of others, built from their Go modules by `build-programs`.
///
/// @param folder where they are
record GoPrograms(Path folder) {
  /// Until when programs have to be there, in seconds since 1970; from the environment.
  private static final String DEADLINE = "WEIR_PROGRAMS_DEADLINE";

  private static final long SECONDS = 1800;

  /// Builds what is not built yet.
  ///
  /// @param module the folder of its `go.mod`
  /// @throws IOException with the reason if they cannot be had
  static GoPrograms build(String module) throws IOException {
    var target = Files.createDirectories(LabModule.target());
    var log = target.resolve(module + "-build.log");
    var output = target.resolve(module + "-folder");
    var builder =
        new ProcessBuilder(LabModule.path("build-programs").toString(), module)
            .redirectError(log.toFile())
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!builder.waitFor(secondsLeft(), TimeUnit.SECONDS)) {
        builder.descendants().forEach(ProcessHandle::destroy);
        builder.destroy();
        throw new IOException(
            "Go has not built it in time; what is compiled is there for the next run");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    if (builder.exitValue() != 0) {
      throw new IOException("it cannot be built: " + Files.readString(log).strip());
    }
    return new GoPrograms(Path.of(Files.readString(output).strip()));
  }

  private static long secondsLeft() {
    var until = System.getenv(DEADLINE);
    return until == null
        ? SECONDS
        : Math.max(1, Long.parseLong(until) - System.currentTimeMillis() / 1000);
  }

  /// One of its files.
  Path file(String name) {
    return folder.resolve(name);
  }
}
