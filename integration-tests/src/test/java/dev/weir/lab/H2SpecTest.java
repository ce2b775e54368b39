package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The conformance suite h2spec against an HTTP/2 listener. Needs a Go toolchain.
class H2SpecTest {
  private static final String MODULE =
      "github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible";

  /// Where we do otherwise, and why.
  private static final List<String> EXCEPTIONS =
      List.of(
          // What is no preface is taken for HTTP/1 and answered with 400, as in Envoy.
          "Sends invalid connection preface",
          // Netty resets the stream, and does not end the connection.
          "closed: Sends a HEADERS frame",
          "half closed (remote): Sends a HEADERS frame",
          "Sends stream identifier that is numerically smaller than previous");

  @Test
  void everyCaseOfH2specPasses() throws IOException, InterruptedException {
    var tool = tool();
    try (var echo = HttpEcho.start();
        var proxy = Proxy.start(ProxyKind.WEIR, bootstrap(echo.port()))) {
      var port = Integer.toString(proxy.port("web"));
      var output = LabModule.target().resolve("h2spec.txt");
      new ProcessBuilder(
              tool.toString(), "-h", "127.0.0.1", "-p", port, "--path", "/echo", "--timeout", "2")
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start()
          .waitFor();
      var lines = Files.readAllLines(output);
      assertTrue(lines.stream().anyMatch(it -> it.contains("145 tests")), lines::toString);
      assertEquals(
          List.of(),
          lines.stream()
              .filter(it -> it.contains("×"))
              .filter(it -> EXCEPTIONS.stream().noneMatch(it::contains))
              .toList());
    }
  }

  /// Installs the tool below `target`, once.
  private static Path tool() throws IOException, InterruptedException {
    var folder = LabModule.target().resolve("h2spec");
    var tool = folder.resolve("h2spec");
    if (Files.exists(tool)) {
      return tool;
    }
    Files.createDirectories(folder);
    try {
      var go = new ProcessBuilder("go", "install", MODULE);
      go.environment().put("GOBIN", folder.toAbsolutePath().toString());
      int code =
          go.redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start()
              .waitFor();
      assumeTrue(code == 0, "go cannot install h2spec");
    } catch (IOException e) {
      assumeTrue(false, "no Go toolchain: " + e.getMessage());
    }
    return tool;
  }

  private static String bootstrap(int echo) {
    var listener =
        """
        - name: web
          address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
          filter_chains:
          - filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: web
                route_config:
                  virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes: [{ match: { prefix: / }, route: { cluster: echo } }]
                http_filters:
                - name: router
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
        """;
    return Bootstraps.of(Stream.of(listener), Stream.of(Bootstraps.cluster("echo", echo)));
  }
}
