package dev.weir.xds;

import dev.weir.xds.ApiConfig.Header;
import java.time.Duration;
import java.util.List;

/// Which service gets access log entries, and how
/// (`envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig`).
///
/// @param subject what its entries are about; a service has one stream for each
/// @param cluster the cluster that the service is reached through
/// @param logName what the service knows the log by
/// @param initialMetadata headers of each stream
/// @param flushInterval how long an entry waits for company at most
/// @param bufferBytes so many bytes of entries are sent without waiting for more; 0 sends each at
///   once
public record AccessLogDestination(
    Subject subject,
    String cluster,
    String logName,
    List<Header> initialMetadata,
    Duration flushInterval,
    int bufferBytes) {
  /// What entries are about.
  public enum Subject {
    CONNECTIONS,
    REQUESTS
  }

  /// Copies the list.
  public AccessLogDestination {
    initialMetadata = List.copyOf(initialMetadata);
  }
}
