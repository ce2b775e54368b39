package dev.weir.listener.inspect;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// The inputs that fuzzing has found worth keeping (`mvn verify -Pfuzz` looks for more).
class FuzzCorpusTest {

  @Test
  void clientHellos() throws Exception {
    replay("client-hello", ClientHelloFuzz::fuzzerTestOneInput);
  }

  @Test
  void proxyHeaders() throws Exception {
    replay("proxy-header", ProxyHeaderFuzz::fuzzerTestOneInput);
  }

  private static void replay(String folder, Consumer<byte[]> target) throws Exception {
    var path = Path.of(Objects.requireNonNull(FuzzCorpusTest.class.getResource(folder)).toURI());
    try (var files = Files.list(path)) {
      var all = files.sorted().toList();
      assertTrue(all.size() > 10, "the corpus of " + folder + " is missing");
      for (var file : all) {
        var bytes = read(file);
        assertDoesNotThrow(() -> target.accept(bytes), file.toString());
      }
    }
  }

  private static byte[] read(Path file) throws IOException {
    return Files.readAllBytes(file);
  }
}
