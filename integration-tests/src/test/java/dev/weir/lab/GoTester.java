package dev.weir.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The integration tester of go-control-plane: a control plane of its own that changes what it
/// serves and calls through the proxy. Built from the module in `go`, once, into `target`.
final class GoTester {

  private static final String PACKAGE = "github.com/envoyproxy/go-control-plane/pkg/test/main";
  private static final Path BINARY = LabModule.target().resolve("go-tester");
  private static final long MINUTES = 10;

  private GoTester() {}

  private static final class Once {
    static final Optional<Path> PATH = build();
  }

  /// The program; empty, with the reason printed, where it cannot be had.
  static Optional<Path> path() {
    return Once.PATH;
  }

  private static Optional<Path> build() {
    var problem = tryToBuild();
    if (problem.isEmpty()) {
      return Optional.of(BINARY);
    }
    System.out.println("SKIPPED: go-control-plane's tester, as it cannot be built: " + problem);
    return Optional.empty();
  }

  /// @return the reason why not; empty if all went well
  private static String tryToBuild() {
    var log = LabModule.target().resolve("go-tester.log");
    try {
      Files.createDirectories(log.getParent());
      var go =
          new ProcessBuilder(List.of("go", "build", "-o", BINARY.toString(), PACKAGE))
              .directory(LabModule.path("go").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!go.waitFor(MINUTES, TimeUnit.MINUTES)) {
        go.destroyForcibly();
        return "go took longer than " + MINUTES + " minutes";
      }
      return go.exitValue() == 0 ? "" : Files.readString(log).strip();
    } catch (IOException e) {
      return "no Go toolchain: " + e.getMessage();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
