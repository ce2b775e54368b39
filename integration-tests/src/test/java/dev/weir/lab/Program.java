package dev.weir.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// Programs of this machine that tests have as clients.
final class Program {
  private Program() {}

  /// Skips the test where there is no such program.
  static void need(String name) {
    try {
      new ProcessBuilder(name, "version").start().waitFor();
    } catch (IOException e) {
      Assumptions.abort("no " + name + " on this machine");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Has `openssl s_client` say "hello", and ends it once that comes back.
  ///
  /// @return all that it has printed
  static String sayHello(int port, String... flags) throws IOException {
    var command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port));
    command.addAll(List.of(flags));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var printed = new StringBuilder();
    try (var out = process.outputWriter(StandardCharsets.US_ASCII);
        var in =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
      out.write("hello\n");
      out.flush();
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        printed.append(line).append('\n');
        if (line.equals("hello")) {
          break;
        }
      }
    } catch (IOException _) {
      // It has ended before it was told anything.
    }
    end(process);
    return printed.toString();
  }

  /// Runs a program to its end.
  ///
  /// @return what it has printed
  static String run(String... command) throws IOException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    end(process);
    return printed;
  }

  private static void end(Process process) {
    try {
      if (!process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
