package dev.weir.lab.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The contenders that are there, and how each is started.
final class Field {
  static final int WORKERS = 2;

  /// Adds to the flags that a run gives to each launcher.
  private static final String BY_IO_URING =
      "WEIR_JAVA_OPTS=\"$WEIR_JAVA_OPTS -Ddev.weir.transport=io_uring\" exec \"$0\" \"$@\"";

  private final Path work;
  private final Map<Contender, List<String>> programs = new EnumMap<>(Contender.class);
  private int starts;

  /// @param work a folder for what the runs need
  /// @param launcher what starts Weir
  /// @param uring whether it takes part a second time, by io_uring
  /// @param envoy the program; empty where it cannot be had
  Field(Path work, Path launcher, boolean uring, Optional<Path> envoy) {
    this.work = work;
    programs.put(Contender.DIRECT, List.of());
    programs.put(Contender.WEIR, List.of(launcher.toString()));
    if (uring) {
      programs.put(Contender.WEIR_IO_URING, List.of("sh", "-c", BY_IO_URING, launcher.toString()));
    }
    envoy.ifPresent(it -> programs.put(Contender.ENVOY, List.of(it.toString(), "-l", "warn")));
    Contender.installed("haproxy")
        .ifPresent(it -> programs.put(Contender.HAPROXY, List.of(it.toString())));
    Contender.installed("nginx")
        .ifPresent(it -> programs.put(Contender.NGINX, List.of(it.toString())));
  }

  /// Who is there, in the order of the tables.
  List<Contender> contenders() {
    return List.copyOf(programs.keySet());
  }

  /// What starts a contender; its flags are to follow.
  List<String> program(Contender contender) {
    return programs.getOrDefault(contender, List.of());
  }

  /// A folder that no other run uses.
  Path folder(Contender contender) throws IOException {
    return Files.createDirectories(work.resolve(starts++ + "-" + contender.title()));
  }

  /// Where the certificate lies.
  Path work() {
    return work;
  }

  /// Starts a contender on a course.
  RunningContender start(Contender contender, Course course) throws IOException {
    if (contender == Contender.DIRECT) {
      return RunningContender.direct(course.backend());
    }
    var folder = folder(contender);
    var command = new ArrayList<>(program(contender));
    command.addAll(
        switch (contender) {
          case WEIR, WEIR_IO_URING, ENVOY -> envoyFlags(folder, EnvoySetup.of(course, work));
          case HAPROXY -> List.of("-db", "-f", write(folder, OtherSetups.haproxy(course, work)));
          case NGINX ->
              List.of("-p", folder + "/", "-c", write(folder, OtherSetups.nginx(course, work)));
          case DIRECT -> throw new IllegalStateException();
        });
    return RunningContender.start(command, folder, course.listen());
  }

  /// The flags of a start with a bootstrap.
  static List<String> envoyFlags(Path folder, String bootstrap) throws IOException {
    var file = folder.resolve("bootstrap.yaml");
    Files.writeString(file, bootstrap);
    return List.of(
        "-c", file.toString(), "--concurrency", Integer.toString(WORKERS), "--use-dynamic-base-id");
  }

  private static String write(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("configuration"), text).toString();
  }

  /// A port that was free just now.
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
