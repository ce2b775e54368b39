package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first thing that anybody sees of Weir, as a process of its own, at other ports.
class QuickstartTest {

  private static final List<Integer> USUAL_PORTS = List.of(15000, 18000, 31400, 19001, 19002);

  @TempDir Path folder = Path.of(".");

  private final int ports = FreePorts.inARow(USUAL_PORTS.size());
  private @Nullable Process quickstart;

  private int port(int usual) {
    return ports + USUAL_PORTS.indexOf(usual);
  }

  @BeforeEach
  void copyTheFolder() throws IOException {
    try (var files = Files.list(LabModule.path("../deploy/quickstart"))) {
      for (var file : files.toList()) {
        var text = Files.readString(file);
        for (int usual : USUAL_PORTS) {
          text = text.replace("port_value: " + usual, "port_value: " + port(usual));
        }
        Files.writeString(folder.resolve(file.getFileName()), text);
      }
    }
  }

  private Process start() throws IOException {
    var script = folder.resolve("launcher");
    var gateway = ProxyKind.WEIR.command().stream().map(it -> "'" + it + "'");
    Files.writeString(
        script, "#!/bin/sh\nexec " + gateway.collect(Collectors.joining(" ")) + " \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    var command = new ArrayList<>(ProxyKind.java());
    command.addAll(List.of("dev.weir.lab.LabMain", "quickstart"));
    command.addAll(List.of("--dir", folder.toString(), "--launcher", script.toString()));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    quickstart = process;
    return process;
  }

  @AfterEach
  void stop() {
    if (quickstart != null) {
      quickstart.descendants().forEach(ProcessHandle::destroyForcibly);
      quickstart.destroyForcibly();
    }
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("said"));
  }

  @Test
  void trafficShiftsFromOneToTwoWhenTheFileIsSaved() throws IOException {
    var process = start();
    Await.until("instructions", () -> said().contains("nc localhost " + port(31400)));
    try (var open = Peer.connect(port(31400))) {
      assertEquals("one hello", open.ask("hello"));
      var listeners = folder.resolve("listeners.yaml");
      var text = Files.readString(listeners);
      Files.writeString(listeners, text.replace("cluster: one\n", "cluster: two\n"));
      Await.until("shifted", () -> Peer.ask(port(31400), "hello"), "two hello"::equals);
      assertEquals("one again", open.ask("again"));
    }
    process.destroy();
    process.onExit().join();
    assertTrue(isFree(port(31400)) && isFree(port(15000)), "the gateway has ended too");
  }

  @Test
  void whenTheGatewayEndsAllEnds() throws IOException {
    var process = start();
    Await.until("instructions", () -> said().contains("Ctrl-C"));
    process.children().forEach(ProcessHandle::destroy);
    assertEquals(0, process.onExit().join().exitValue());
  }

  @Test
  void whenItIsKilledTheGatewayEndsToo() throws IOException {
    var process = start();
    Await.until("instructions", () -> said().contains("Ctrl-C"));
    var gateway = process.children().findFirst().orElseThrow();
    process.destroyForcibly();
    gateway.onExit().join();
    assertTrue(isFree(port(31400)), "the gateway has ended too");
  }

  @Test
  void aPortInUseGivesOneClearLine() throws IOException {
    try (var _ = new ServerSocket(port(31400), 1, InetAddress.getLoopbackAddress())) {
      var process = start();
      assertEquals(1, process.onExit().join().exitValue());
      assertEquals(
          "quickstart: cannot bind '0.0.0.0:" + port(31400) + "': Address already in use\n",
          said());
    }
  }

  private static boolean isFree(int port) throws IOException {
    try (var _ = Peer.connect(port)) {
      return false;
    } catch (ConnectException _) {
      return true;
    }
  }
}
