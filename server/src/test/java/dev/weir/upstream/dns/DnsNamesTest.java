package dev.weir.upstream.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.config.ClusterConfig.LookupFamily;
import dev.weir.telemetry.Stats;
import dev.weir.transport.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DnsNamesTest {
  @TempDir Path directory;
  private final DnsServer server = new DnsServer();
  private final EventLoops loops = EventLoops.start(1);
  private Path hostsFile = Path.of("");

  @BeforeEach
  void writeHostsFile() throws IOException {
    hostsFile = directory.resolve("hosts");
    Files.writeString(
        hostsFile,
        """
        127.0.0.1 localhost
        10.1.0.1 listed
        10.1.0.2 listed
        """);
  }

  @AfterEach
  void close() {
    loops.close();
    server.close();
  }

  private Answer ask(String name, LookupFamily family) throws InterruptedException {
    var answers = new ArrayBlockingQueue<Answer>(1);
    try (var names =
        new DnsNames(Runnable::run, loops.workers().getFirst(), new Stats(), hostsFile)) {
      names.resolve(
          new NameResolver.Question(name, family, List.of(server.address())), answers::add);
      return answers.take();
    }
  }

  private String found(String name, LookupFamily family) throws InterruptedException {
    var answer = assertInstanceOf(Answer.Found.class, ask(name, family));
    return answer.addresses().stream()
        .map(InetAddress::getHostAddress)
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "both,   AUTO,         0:0:0:0:0:0:0:9",
    "both,   V4_ONLY,      10.0.0.9",
    "both,   V6_ONLY,      0:0:0:0:0:0:0:9",
    "both,   V4_PREFERRED, 10.0.0.9",
    "both,   ALL,          0:0:0:0:0:0:0:9 10.0.0.9",
    "v4,     AUTO,         10.0.0.4",
    "v4,     V6_ONLY,      ''",
    "v4,     ALL,          10.0.0.4",
    "v6,     V4_PREFERRED, 0:0:0:0:0:0:0:6",
    "v6,     V4_ONLY,      ''",
    "absent, AUTO,         ''",
    "absent, ALL,          ''",
    "listed, AUTO,         10.1.0.1 10.1.0.2",
    "LISTED, V4_ONLY,      10.1.0.1 10.1.0.2",
    "localhost,   AUTO,    0:0:0:0:0:0:0:1",
    "localhost,   V4_ONLY, 127.0.0.1",
    "localhost,   ALL,     127.0.0.1",
    "a.localhost, ALL,     0:0:0:0:0:0:0:1 127.0.0.1",
    "10.2.3.4,    AUTO,    10.2.3.4",
    "::7,         V4_ONLY, 0:0:0:0:0:0:0:7",
  })
  void aFamilySaysWhichAddressesCount(String name, LookupFamily family, String expected)
      throws InterruptedException {
    server.has("both", 60, "10.0.0.9", "::9");
    server.has("v4", 60, "10.0.0.4");
    server.has("v6", 60, "::6");
    assertEquals(expected, found(name, family));
  }

  @Test
  void aServerWithTroubleIsAFailure() throws InterruptedException {
    server.fails("trouble");
    assertInstanceOf(Answer.Failed.class, ask("trouble", LookupFamily.V4_ONLY));
  }

  @Test
  void theShortestTtlIsTold() throws InterruptedException {
    server.has("short", 7, "10.0.0.1", "10.0.0.2");
    var answer = assertInstanceOf(Answer.Found.class, ask("short", LookupFamily.V4_ONLY));
    assertEquals(Duration.ofSeconds(7), answer.ttl());
  }

  @Test
  void aChangedHostsFileIsReadAgain() throws InterruptedException, IOException {
    assertEquals("10.1.0.1 10.1.0.2", found("listed", LookupFamily.V4_ONLY));
    Files.writeString(hostsFile, "10.1.0.3 listed\n");
    Files.setLastModifiedTime(hostsFile, java.nio.file.attribute.FileTime.from(1, TimeUnit.DAYS));
    assertEquals("10.1.0.3", found("listed", LookupFamily.V4_ONLY));
  }
}
