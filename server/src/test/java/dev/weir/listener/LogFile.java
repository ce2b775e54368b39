package dev.weir.listener;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.AccessLogConfig;
import dev.weir.config.AccessLogSinkConfig;
import dev.weir.config.AccessLogs;
import dev.weir.config.Field;
import dev.weir.config.LogLayout;
import dev.weir.config.LogTemplate;
import dev.weir.xds.InvalidResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An access log that a test reads.
public final class LogFile implements AutoCloseable {
  private final Path path;
  private final AccessLogConfig config;

  /// A new file.
  ///
  /// @param format one line's, without the newline
  public LogFile(String format) throws IOException, InvalidResourceException {
    path = Files.createTempFile("access", ".log");
    var layout = new LogLayout.Text(LogTemplate.parse(format + "\n", Field.root("f")), false);
    config = new AccessLogConfig("f", new AccessLogSinkConfig.File(path.toString(), layout), null);
  }

  /// One line at the end of each connection.
  public AccessLogs atEnd() {
    return AccessLogs.atEnd(List.of(config));
  }

  /// The log itself.
  public AccessLogConfig config() {
    return config;
  }

  /// Waits for so many lines.
  public List<String> await(int count) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    var lines = Files.readAllLines(path);
    while (lines.size() < count) {
      assertTrue(System.nanoTime() < deadline, "only " + lines);
      lines = Files.readAllLines(path);
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    Files.delete(path);
  }
}
