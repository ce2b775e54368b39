package dev.weir.config;

import java.time.Duration;
import java.util.List;

/// The access logs of a filter or a listener, and when they are written beside the end of the
/// connection (`TcpProxy.TcpAccessLogOptions`).
///
/// @param flushInterval writes a line for a living connection that often; zero for never
/// @param onConnected writes a line once the upstream connection stands
/// @param onStart writes a line when the connection begins
public record AccessLogs(
    List<AccessLogConfig> logs, Duration flushInterval, boolean onConnected, boolean onStart) {

  /// Nothing is logged.
  public static final AccessLogs NONE = new AccessLogs(List.of(), Duration.ZERO, false, false);

  /// One line at the end of each connection.
  public static AccessLogs atEnd(List<AccessLogConfig> logs) {
    return new AccessLogs(logs, Duration.ZERO, false, false);
  }
}
