package dev.weir.lab.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A contender that is up, or the direct way to the server.
final class RunningContender implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 60_000;
  private static final long POLL_MILLIS = 2;

  private final int port;
  private final Path folder;
  private final @Nullable Process process;

  private RunningContender(int port, Path folder, @Nullable Process process) {
    this.port = port;
    this.folder = folder;
    this.process = process;
  }

  /// The way without a proxy.
  static RunningContender direct(int backend) {
    return new RunningContender(backend, Path.of("."), null);
  }

  /// Starts a program and waits until it accepts connections.
  ///
  /// @param folder where it runs, and what it prints goes
  /// @param port by which it is known to be up
  static RunningContender start(List<String> command, Path folder, int port) throws IOException {
    // As many descriptors as this user may have.
    var whole = new ArrayList<>(List.of("sh", "-c", "ulimit -n $(ulimit -Hn); exec \"$@\"", "sh"));
    whole.addAll(command);
    var builder =
        new ProcessBuilder(whole)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    var log = "-Xlog:gc:file=" + Pauses.in(folder).log();
    builder.environment().putAll(Map.of("TMPDIR", folder.toString(), "WEIR_JAVA_OPTS", log));
    var running = new RunningContender(port, folder, builder.start());
    try {
      running.awaitPort(port);
    } catch (IOException e) {
      running.close();
      throw e;
    }
    return running;
  }

  private void awaitPort(int wanted) throws IOException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!accepts(wanted)) {
      if (!alive() || System.nanoTime() > end) {
        throw new IOException("did not start:\n" + Files.readString(folder.resolve("output")));
      }
      pause(POLL_MILLIS);
    }
  }

  static boolean accepts(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Waits; what happens in another process can only be polled for.
  static void pause(long millis) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private boolean alive() {
    return process != null && process.isAlive();
  }

  /// Where to connect to.
  int port() {
    return port;
  }

  /// What it has used by now; nothing, if there is no proxy.
  Usage usage() {
    return process == null ? new Usage(0, 0) : Usage.of(process.toHandle());
  }

  /// The pauses of its collector, if it is a JVM that the project's launcher has started.
  Pauses pauses() {
    return Pauses.in(folder);
  }

  /// Ends it and waits for the end.
  @Override
  public void close() throws IOException {
    if (process == null) {
      return;
    }
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
