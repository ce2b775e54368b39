package dev.weir.upstream.http;

import org.jspecify.annotations.Nullable;

/// What came of asking for a stream.
public sealed interface StreamOutcome {

  /// Here it is.
  record Ready(UpstreamStream stream) implements StreamOutcome {}

  /// As many requests are under way to the cluster, or wait for a connection, as may.
  record Overflow() implements StreamOutcome {}

  /// The connection could not be made.
  ///
  /// @param cause [ResetReason#LOCAL_CONNECTION_FAILURE], [ResetReason#REMOTE_CONNECTION_FAILURE]
  ///   or [ResetReason#CONNECTION_TIMEOUT]
  /// @param detail what `%UPSTREAM_TRANSPORT_FAILURE_REASON%` prints; null after a timeout
  record Failed(ResetReason cause, @Nullable String detail) implements StreamOutcome {}
}
