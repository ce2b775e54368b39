package dev.weir.telemetry;

import dev.weir.config.AccessLogConfig;
import dev.weir.config.AccessLogSinkConfig;
import dev.weir.config.LogLayout;
import dev.weir.xds.AccessLogDestination;
import dev.weir.xds.AccessLogDestination.Subject;
import dev.weir.xds.AccessLogServices;
import dev.weir.xds.ApiConfig.Header;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The places that access logs of one server are written to, shared by all logs that name the same
/// place. Main loop only.
public final class AccessLogSinks implements AutoCloseable {
  private static final AccessLog NOWHERE = (_, _) -> {};

  private final StatScope fileStats;
  private final GrpcLogStats grpcStats;
  private final FileFlusher files;
  private final AccessLogServices services;
  private final FastThreadLocal<LogLine> lines =
      new FastThreadLocal<>() {
        @Override
        protected LogLine initialValue() {
          return new LogLine();
        }
      };

  /// Opens nothing yet.
  ///
  /// @param stats for `filesystem.*` and `access_logs.grpc_access_log.*`
  /// @param flushInterval how long a line waits at most (`--file-flush-interval-msec`)
  /// @param flushBytes how many bytes are written out at once (`--file-flush-min-size-kb`)
  /// @param services where the logs of gRPC services are to be had
  public AccessLogSinks(
      Stats stats, Duration flushInterval, int flushBytes, AccessLogServices services) {
    this.fileStats = stats.scope("filesystem", StatFamilies.FILESYSTEM);
    this.grpcStats = GrpcLogStats.of(stats);
    this.files = new FileFlusher(FileStats.of(fileStats), flushInterval, flushBytes);
    this.services = services;
  }

  /// Opens what the configured logs need.
  ///
  /// @throws IOException if a file cannot be opened, with the text of Envoy's rejection
  public AccessLogGroup open(List<AccessLogConfig> logs) throws IOException {
    if (logs.isEmpty()) {
      return AccessLogGroup.NONE;
    }
    var opened = new ArrayList<AccessLog>();
    for (var log : logs) {
      opened.add(open(log));
    }
    return new AccessLogGroup(opened);
  }

  private AccessLog open(AccessLogConfig log) throws IOException {
    var filter = EntryFilters.of(log.filter());
    return switch (log.sink()) {
      case AccessLogSinkConfig.File(var path, var layout) -> file(path, layout, filter);
      case AccessLogSinkConfig.Stdout(var layout) -> file("/dev/stdout", layout, filter);
      case AccessLogSinkConfig.Stderr(var layout) -> file("/dev/stderr", layout, filter);
      case AccessLogSinkConfig.TcpGrpc(var stream) ->
          new GrpcAccessLog(
              filter,
              new GrpcLogEntry(stream.filterStateKeys()),
              service(stream, Subject.CONNECTIONS),
              grpcStats);
      case AccessLogSinkConfig.HttpGrpc http ->
          new GrpcAccessLog(
              filter,
              new HttpGrpcLogEntry(http),
              service(http.stream(), Subject.REQUESTS),
              grpcStats);
      case AccessLogSinkConfig.Unserved _ -> NOWHERE;
    };
  }

  private AccessLog file(String path, LogLayout layout, EntryFilter filter) throws IOException {
    return new FormattedLog(filter, LogFormat.of(layout), files.open(path), lines);
  }

  private AccessLogServices.Log service(AccessLogSinkConfig.Grpc stream, Subject subject) {
    var service = stream.service();
    var headers =
        service.initialMetadata().entrySet().stream()
            .map(header -> new Header(header.getKey(), header.getValue().source()))
            .toList();
    return services.open(
        new AccessLogDestination(
            subject,
            service.cluster(),
            stream.logName(),
            headers,
            stream.flushInterval(),
            stream.bufferSizeBytes()),
        grpcStats);
  }

  /// Opens a file for events that are no access log's.
  ///
  /// @throws IOException if it cannot be opened, with the text of Envoy's rejection
  public EventFile events(String path) throws IOException {
    return new EventFile(files.open(path), lines);
  }

  /// Opens all files again under their names, as after a rotation (SIGUSR1, `/reopen_logs`). Any
  /// thread.
  public void reopen() {
    files.reopen();
  }

  /// Writes out what is buffered and closes; waits for it, two seconds at most.
  @Override
  public void close() {
    files.close();
    fileStats.close();
    grpcStats.close();
  }
}
