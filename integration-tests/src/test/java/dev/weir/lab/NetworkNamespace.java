package dev.weir.lab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A network of its own, with all ports free and names of its own, for programs whose ports cannot
/// be chosen. Linux, root, and `ip` of iproute2. To be used in a JVM of its own: threads that are
/// started inside stay inside.
final class NetworkNamespace implements AutoCloseable {
  private static final int READ_ONLY = 0;
  private static final int NETWORK = 0x40000000; // CLONE_NEWNET

  private final String name;
  private final ExecutorService inside;

  private NetworkNamespace(String name, ExecutorService inside) {
    this.name = name;
    this.inside = inside;
  }

  /// Makes one.
  ///
  /// @param hosts addresses by name, for programs that are started inside
  /// @throws IOException with the reason, also if this user may not
  static NetworkNamespace create(Map<String, String> hosts) throws IOException {
    var name = "weir-" + ProcessHandle.current().pid();
    run("ip", "netns", "add", name);
    var etc = Files.createDirectories(etc(name));
    var lines = new ArrayList<>(List.of("127.0.0.1 localhost", "::1 localhost"));
    hosts.forEach((host, address) -> lines.add(address + " " + host));
    Files.write(etc.resolve("hosts"), lines);
    run("ip", "-n", name, "link", "set", "lo", "up");
    var namespace = new NetworkNamespace(name, Executors.newSingleThreadExecutor());
    namespace.call(() -> {
      enter(Path.of("/run/netns", name));
      return true;
    });
    return namespace;
  }

  private static Path etc(String name) {
    return Path.of("/etc/netns", name);
  }

  /// Does something inside. Sockets that it opens belong there, whoever uses them later.
  <T> T call(Callable<T> task) throws IOException {
    try {
      return inside.submit(task).get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new IOException(e);
    }
  }

  /// What starts a program inside.
  List<String> command(List<String> program) {
    var command = new ArrayList<>(List.of("ip", "netns", "exec", name));
    command.addAll(program);
    return command;
  }

  /// Moves the calling thread.
  private static void enter(Path namespace) throws IOException {
    var linker = Linker.nativeLinker();
    var number = ValueLayout.JAVA_INT;
    try (var arena = Arena.ofConfined()) {
      var open =
          function(
              linker, "open", FunctionDescriptor.of(number, ValueLayout.ADDRESS, number), true);
      var setns = function(linker, "setns", FunctionDescriptor.of(number, number, number), false);
      int file = (int) open.invoke(arena.allocateFrom(namespace.toString()), READ_ONLY);
      if (file < 0 || (int) setns.invoke(file, NETWORK) != 0) {
        throw new IOException("cannot enter " + namespace);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted") // these two functions have been as they are for decades
  private static MethodHandle function(
      Linker linker, String name, FunctionDescriptor descriptor, boolean variadic) {
    var address = linker.defaultLookup().find(name).orElseThrow();
    return variadic
        ? linker.downcallHandle(address, descriptor, Linker.Option.firstVariadicArg(2))
        : linker.downcallHandle(address, descriptor);
  }

  private static void run(String... command) throws IOException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    inside.shutdown();
    Files.deleteIfExists(etc(name).resolve("hosts"));
    Files.deleteIfExists(etc(name));
    run("ip", "netns", "del", name);
  }
}
