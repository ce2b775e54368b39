package dev.weir.telemetry;

import dev.weir.config.AccessLogConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The places that access logs of one server are written to, shared by all logs that name the same
/// place. Main loop only.
public final class AccessLogSinks implements AutoCloseable {

  /// Opens nothing yet.
  ///
  /// @param stats for `filesystem.*` and `access_logs.grpc_access_log.*`
  /// @param flushInterval how long a line waits at most (`--file-flush-interval-msec`)
  /// @param flushBytes how many bytes are written out at once (`--file-flush-min-size-kb`)
  public AccessLogSinks(Stats stats, Duration flushInterval, int flushBytes) {}

  /// Opens what the configured logs need.
  ///
  /// @throws IOException if a file cannot be opened, with the text of Envoy's rejection
  public AccessLogGroup open(List<AccessLogConfig> logs) throws IOException {
    return AccessLogGroup.NONE;
  }

  /// Opens all files again under their names, as after a rotation (SIGUSR1, `/reopen_logs`).
  public void reopen() {}

  /// Writes out what is buffered and closes; waits for it, two seconds at most.
  @Override
  public void close() {}
}
