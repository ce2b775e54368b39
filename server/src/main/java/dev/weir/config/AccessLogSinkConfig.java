package dev.weir.config;

import java.time.Duration;
import java.util.List;

/// Where access log entries go.
public sealed interface AccessLogSinkConfig {

  /// A file, named by its path; `/dev/stdout` and `/dev/stderr` are the process's own streams.
  /// Source: `envoy.extensions.access_loggers.file.v3.FileAccessLog`.
  record File(String path, LogLayout layout) implements AccessLogSinkConfig {}

  /// Standard output. Source: `envoy.extensions.access_loggers.stream.v3.StdoutAccessLog`.
  record Stdout(LogLayout layout) implements AccessLogSinkConfig {}

  /// Standard error. Source: `envoy.extensions.access_loggers.stream.v3.StderrAccessLog`.
  record Stderr(LogLayout layout) implements AccessLogSinkConfig {}

  /// A stream to an access log service.
  ///
  /// @param logName sent as the identifier's `log_name`
  /// @param service who receives the stream
  /// @param flushInterval how long an entry waits for company at most
  /// @param bufferSizeBytes how many bytes of entries are gathered before they are sent; 0 sends
  ///   each at once
  /// @param filterStateKeys filter state objects that are sent along
  record Grpc(
      String logName,
      GrpcServiceConfig service,
      Duration flushInterval,
      int bufferSizeBytes,
      List<String> filterStateKeys) {
    public Grpc {
      filterStateKeys = List.copyOf(filterStateKeys);
    }
  }

  /// Entries about connections. Source:
  /// `envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig`.
  record TcpGrpc(Grpc stream) implements AccessLogSinkConfig {}

  /// Entries about requests. Source:
  /// `envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig`.
  ///
  /// @param requestHeaders names that are sent along, in lower case; so the others
  record HttpGrpc(
      Grpc stream,
      List<String> requestHeaders,
      List<String> responseHeaders,
      List<String> responseTrailers)
      implements AccessLogSinkConfig {}

  /// A known kind of log that is not served: it was warned about, and gets no entries.
  record Unserved(String typeUrl) implements AccessLogSinkConfig {}
}
