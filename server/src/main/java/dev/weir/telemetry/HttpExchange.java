package dev.weir.telemetry;

import org.jspecify.annotations.Nullable;

/// The HTTP request that a record is about, if it is about one. On plain TCP there is none: its
/// operators print `-`, and the response code is 0.
public interface HttpExchange extends LogFacts {

  /// The response's status; 0 if there was none yet.
  int responseCode();

  /// A request header's first value; null if it is absent.
  @Nullable String requestHeader(String name);

  /// The status of a gRPC response, 0–16; -1 if it was none.
  int grpcStatus();

  /// Whether this was a health check of the gateway itself.
  boolean isHealthCheck();

  /// Whether the request was chosen to be traced.
  boolean isTraced();
}
