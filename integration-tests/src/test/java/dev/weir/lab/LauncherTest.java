package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a folder of its own, with a JDK and a Maven that only say what they were told.
class LauncherTest {

  /// What a launcher printed, and its exit code.
  record Result(int code, List<String> lines) {}

  @TempDir Path folder = Path.of(".");

  private Path root = folder;
  private Path jdk = folder;

  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectories(folder.resolve("checkout"));
    Files.copy(LabModule.path("../weir"), root.resolve("weir"));
    jdk = fakeJdk("jdk", "25.0.1", "printf 'java %s\\n' \"$@\"; exit 7");
  }

  /// An installation as an image has it: jars, and no sources.
  private void install() throws IOException {
    Files.createDirectories(root.resolve("server/target"));
    Files.createFile(root.resolve("server/target/weir-server.jar"));
  }

  private Path fakeJdk(String name, String version, String script) throws IOException {
    var home = folder.resolve(name);
    program(home.resolve("bin/java"), script);
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private static void program(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// A checkout whose sources are an hour old, and a Maven that takes its time.
  private void checkOut(String maven) throws IOException {
    var before = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    for (var module : List.of("proto", "xds-client", "server")) {
      var source = root.resolve(module).resolve("src/main/Some.java");
      Files.createDirectories(source.getParent());
      for (var file : List.of(source, root.resolve(module).resolve("pom.xml"))) {
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, before);
      }
      Files.setLastModifiedTime(source.getParent(), before);
    }
    Files.setLastModifiedTime(Files.createFile(root.resolve("pom.xml")), before);
    program(folder.resolve("bin/mvn"), "echo called >>calls; " + maven);
  }

  private static final String BUILDING =
      "sleep 0.3; mkdir -p server/target; : >server/target/weir-server.jar";

  @Test
  void everyArgumentReachesTheServerAndItsExitCodeComesBack() throws Exception {
    install();
    var result = launch(root.resolve("weir"), "-c", "a file.yaml", "--log-level", "*");
    assertEquals(7, result.code());
    var main = result.lines().indexOf("java dev.weir.server.Main");
    assertEquals(
        List.of("java -c", "java a file.yaml", "java --log-level", "java *"),
        result.lines().subList(main + 1, result.lines().size()));
  }

  @Test
  void symbolicLinksLeadToTheCheckout() throws Exception {
    install();
    var elsewhere = Files.createDirectories(folder.resolve("else/where"));
    Files.createSymbolicLink(elsewhere.resolve("first"), Path.of("../../checkout/weir"));
    var link = Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("first"));
    var jar = root.toRealPath().resolve("server/target/weir-server.jar");
    assertTrue(launch(link).lines().contains("java " + jar));
  }

  @Test
  void aJdkThatIsTooOldIsPassedOver() throws Exception {
    install();
    var old = fakeJdk("old", "21.0.2", "echo old");
    var onPath = jdk.resolve("bin") + ":/usr/bin:/bin";
    var result = run(Map.of("JAVA_HOME", old.toString(), "PATH", onPath), root.resolve("weir"));
    assertEquals(7, result.code());
  }

  @Test
  void moreFlagsForTheJvmAreSplitIntoWordsAndNoFurther() throws Exception {
    install();
    var more = Map.of("WEIR_JAVA_OPTS", "-Xmx1g  -Dpattern=*");
    var lines = run(more, root.resolve("weir")).lines();
    assertTrue(lines.containsAll(List.of("java -Xmx1g", "java -Dpattern=*")), lines::toString);
  }

  @Test
  void whatIsNotBuiltIsBuiltOnce() throws Exception {
    checkOut(BUILDING);
    assertEquals(7, launch(root.resolve("weir")).code());
    assertEquals(7, launch(root.resolve("weir")).code());
    assertEquals(1, builds());
  }

  @Test
  void newerSourcesAreBuiltAgain() throws Exception {
    checkOut(BUILDING);
    launch(root.resolve("weir"));
    var before = FileTime.from(Instant.now().minus(Duration.ofMinutes(1)));
    Files.setLastModifiedTime(root.resolve("server/target/weir-server.jar"), before);
    Files.setLastModifiedTime(root.resolve("target/weir-built"), before);
    Files.writeString(root.resolve("xds-client/src/main/Some.java"), "changed");
    launch(root.resolve("weir"));
    launch(root.resolve("weir"));
    assertEquals(2, builds());
  }

  @Test
  void twoLaunchersBuildOnce() throws Exception {
    checkOut(BUILDING);
    var first = start(Map.of(), root.resolve("weir"));
    var second = start(Map.of(), root.resolve("weir"));
    assertEquals(7, end(first).code());
    assertEquals(7, end(second).code());
    assertEquals(1, builds());
  }

  @Test
  void aBuildThatFailsIsShown() throws Exception {
    checkOut("echo 'this is why'; exit 1");
    var result = launch(root.resolve("weir"));
    assertEquals(1, result.code());
    assertTrue(result.lines().contains("this is why"), result::toString);
  }

  @Test
  void withoutMavenItSaysWhatIsMissing() throws Exception {
    checkOut(BUILDING);
    Files.delete(folder.resolve("bin/mvn"));
    for (var tool : List.of("sh", "find", "head", "mkdir", "rm", "cat")) {
      var real = Stream.of("/bin", "/usr/bin").map(it -> Path.of(it, tool)).filter(Files::exists);
      var script = "exec " + real.findFirst().orElseThrow() + " \"$@\"";
      program(folder.resolve("bin").resolve(tool), script);
    }
    var path = Map.of("PATH", folder.resolve("bin").toString());
    var result = run(path, root.resolve("weir"));
    assertEquals(1, result.code());
    assertEquals(
        List.of(
            "weir: nothing is built yet, and building needs Maven (mvn), which is not on the PATH"),
        result.lines());
  }

  private long builds() throws IOException {
    return Files.readAllLines(root.resolve("calls")).size();
  }

  private Result launch(Path launcher, String... arguments) throws Exception {
    return run(Map.of(), launcher, arguments);
  }

  private Result run(Map<String, String> environment, Path launcher, String... arguments)
      throws Exception {
    return end(start(environment, launcher, arguments));
  }

  private Process start(Map<String, String> environment, Path launcher, String... arguments)
      throws IOException {
    var command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().remove("WEIR_JAVA_OPTS");
    process.environment().put("JAVA_HOME", jdk.toString());
    process.environment().merge("PATH", "", (path, _) -> folder.resolve("bin") + ":" + path);
    process.environment().putAll(environment);
    return process.start();
  }

  private static Result end(Process process) throws Exception {
    var lines = process.inputReader().lines().toList();
    return new Result(process.waitFor(), lines);
  }
}
