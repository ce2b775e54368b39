package dev.weir.lab.bench;

import dev.weir.lab.LabModule;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The control plane of `integration-tests/go/bench`, built with Go's toolchain on first use.
final class GoPlane implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter orders;
  private final int port;

  private GoPlane(Process process) throws IOException {
    this.process = process;
    this.answers = process.inputReader();
    this.orders = process.outputWriter();
    this.port = Integer.parseInt(answer());
  }

  /// Starts it.
  ///
  /// @param work where the program is built
  static GoPlane start(Path work, String... flags) throws IOException {
    var command = new ArrayList<>(List.of(program(work).toString()));
    command.addAll(List.of(flags));
    return new GoPlane(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private static Path program(Path work) throws IOException {
    var program = work.resolve("control-plane");
    if (Files.exists(program)) {
      return program;
    }
    var go =
        new ProcessBuilder("go", "build", "-o", program.toString(), "./bench")
            .directory(LabModule.path("go").toFile())
            .inheritIO()
            .start();
    try {
      if (go.waitFor() != 0) {
        throw new IOException("the control plane of the benchmark cannot be built");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return program;
  }

  private String answer() throws IOException {
    var line = answers.readLine();
    if (line == null) {
      throw new IOException("the control plane of the benchmark has ended");
    }
    return line;
  }

  /// Where it serves ADS.
  int port() {
    return port;
  }

  /// Gives a command and waits until it is carried out.
  ///
  /// @return when it was given, on [System#nanoTime]
  long order(String command) throws IOException {
    long now = System.nanoTime();
    orders.write(command + "\n");
    orders.flush();
    answer();
    return now;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    orders.close();
    answers.close();
  }
}
