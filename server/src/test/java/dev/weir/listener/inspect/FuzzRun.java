package dev.weir.listener.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lets Jazzer look for inputs that a parser cannot bear, for as many seconds as `fuzz.seconds`
/// says; only with the profile `fuzz`. What it finds lies under `target/fuzz`, to be put into the
/// corpus that [FuzzCorpusTest] replays.
class FuzzRun {

  @ParameterizedTest
  @CsvSource({"ClientHelloFuzz, client-hello", "ProxyHeaderFuzz, proxy-header"})
  void findsNothing(String target, String corpus) throws IOException, InterruptedException {
    var seconds = System.getProperty("fuzz.seconds", "");
    Assumptions.assumeFalse(seconds.isEmpty(), "only with -Pfuzz");
    var found = Files.createDirectories(Path.of("target", "fuzz", corpus));
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + FuzzRun.class.getPackageName() + "." + target,
            "--instrumentation_includes=" + FuzzRun.class.getPackageName() + ".**",
            "-max_total_time=" + seconds,
            "-max_len=2048",
            "-artifact_prefix=target/fuzz/",
            found.toString(),
            Path.of("src/test/resources/dev/weir/listener/inspect", corpus).toString());
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
