package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.AccessLogConfig;
import dev.weir.config.AccessLogSinkConfig;
import dev.weir.config.AccessLogType;
import dev.weir.config.Field;
import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.config.LogFilter;
import dev.weir.config.LogLayout;
import dev.weir.config.LogTemplate;
import dev.weir.config.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AccessLogSinksTest {
  private static final Duration NEVER = Duration.ofHours(1);

  private final Stats stats = new Stats();
  @TempDir Path folder;

  @Test
  void theFirstLineIsThereAtOnceAndTheRestAtTheEnd() throws Exception {
    var path = folder.resolve("a.log");
    try (var sinks = new AccessLogSinks(stats, NEVER, 1024, (_, _) -> _ -> true)) {
      var logs = sinks.open(List.of(file(path, "%BYTES_SENT%\n", null)));
      logs.log(SampleRecord.relayed().record, AccessLogType.TCP_CONNECTION_END);
      awaitText(path, "8\n");
      logs.log(SampleRecord.accepted().record, AccessLogType.TCP_CONNECTION_END);
    }
    assertEquals("8\n0\n", Files.readString(path));
  }

  @Test
  void theTimerWritesWhatWaits() throws Exception {
    var path = folder.resolve("a.log");
    try (var sinks = new AccessLogSinks(stats, Duration.ofMillis(10), 1024, (_, _) -> _ -> true)) {
      var logs = sinks.open(List.of(file(path, "x", null)));
      logs.log(SampleRecord.accepted().record, AccessLogType.TCP_CONNECTION_END);
      awaitText(path, "x");
      logs.log(SampleRecord.accepted().record, AccessLogType.TCP_CONNECTION_END);
      awaitText(path, "xx");
      assertTrue(stats.scope("filesystem").counter("flushed_by_timer").value() > 0);
    }
  }

  @Test
  void logsOfOnePathShareTheFile() throws Exception {
    var path = folder.resolve("a.log");
    try (var sinks = new AccessLogSinks(stats, NEVER, 1024, (_, _) -> _ -> true)) {
      var first = sinks.open(List.of(file(path, "a", null), file(path, "b", null)));
      var second = sinks.open(List.of(file(path, "c", null)));
      first.log(SampleRecord.accepted().record, AccessLogType.TCP_CONNECTION_END);
      second.log(SampleRecord.accepted().record, AccessLogType.TCP_CONNECTION_END);
    }
    assertEquals("abc", Files.readString(path));
  }

  @Test
  void aRotatedFileIsOpenedAnew() throws Exception {
    var path = folder.resolve("a.log");
    try (var sinks = new AccessLogSinks(stats, NEVER, 1024, (_, _) -> _ -> true)) {
      var logs = sinks.open(List.of(file(path, "a", null)));
      Files.delete(path);
      sinks.reopen();
      awaitText(path, "");
      logs.log(SampleRecord.accepted().record, AccessLogType.TCP_CONNECTION_END);
      awaitText(path, "a");
    }
  }

  @Test
  void aFilterDecidesByTheTypeOfTheEntry() throws Exception {
    var path = folder.resolve("a.log");
    var filter =
        new LogFilter.LogType(
            Set.of(AccessLogType.TCP_UPSTREAM_CONNECTED, AccessLogType.TCP_CONNECTION_END), false);
    try (var sinks = new AccessLogSinks(stats, NEVER, 1024, (_, _) -> _ -> true)) {
      var record = SampleRecord.accepted().record;
      record.filterLogs(sinks.open(List.of(file(path, "%ACCESS_LOG_TYPE%\n", filter))));
      record.log(AccessLogType.TCP_CONNECTION_START);
      record.log(AccessLogType.TCP_UPSTREAM_CONNECTED);
      record.log(AccessLogType.TCP_PERIODIC);
      record.close();
    }
    assertEquals("TcpUpstreamConnected\nTcpConnectionEnd\n", Files.readString(path));
  }

  @Test
  void theLogsOfTheListenerGetTheirLineAtTheEndToo() throws Exception {
    var path = folder.resolve("a.log");
    try (var sinks = new AccessLogSinks(stats, NEVER, 1024, (_, _) -> _ -> true)) {
      var record = new ConnectionRecord(1, TimeSource.SYSTEM);
      var facts = new ListenerFacts("l", TrafficDirection.UNSPECIFIED, Metadata.NONE);
      record.listener(facts, sinks.open(List.of(file(path, "%ACCESS_LOG_TYPE%\n", null))));
      record.close();
      assertThrows(IllegalStateException.class, record::close);
    }
    assertEquals("NotSet\n", Files.readString(path));
  }

  @Test
  void whatCannotBeOpenedIsAProblemOfTheResource() {
    try (var sinks = new AccessLogSinks(stats, NEVER, 1024, (_, _) -> _ -> true)) {
      var missing = folder.resolve("none/a.log");
      var error =
          assertThrows(IOException.class, () -> sinks.open(List.of(file(missing, "", null))));
      assertEquals(
          "unable to open file '" + missing + "': No such file or directory", error.getMessage());
    }
  }

  @Test
  void noLogsAreNoWork() throws Exception {
    try (var sinks = new AccessLogSinks(stats, NEVER, 1024, (_, _) -> _ -> true)) {
      assertSame(AccessLogGroup.NONE, sinks.open(List.of()));
    }
  }

  private static AccessLogConfig file(Path path, String format, @Nullable LogFilter filter)
      throws Exception {
    var layout = new LogLayout.Text(LogTemplate.parse(format, Field.root("")), false);
    return new AccessLogConfig("f", new AccessLogSinkConfig.File(path.toString(), layout), filter);
  }

  /// Waits until another thread has written this; the test's own timeout ends it.
  private static void awaitText(Path path, String text) throws IOException {
    while (!Files.exists(path) || !Files.readString(path).equals(text)) {
      Thread.onSpinWait();
    }
  }
}
