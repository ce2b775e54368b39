package dev.weir.transport;

import java.io.IOException;

/// A transport did not come about: no handshake, or one that ended badly. Its message is for access
/// logs, in Envoy's words: `TLS_error:|268435581:SSL routines:…`.
public final class TransportFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param reason what `%UPSTREAM_TRANSPORT_FAILURE_REASON%` prints
  public TransportFailure(String reason) {
    super(reason);
  }

  /// What access logs print.
  public String reason() {
    return String.valueOf(getMessage());
  }

  /// It is a value more than an exception: thousands of peers may fail in a second.
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
