package dev.weir.upstream.http;

/// How many bytes a stream has put on and taken from the wire, framing included. Its worker only.
public final class WireBytes {
  long sent;
  long received;
  long headersSent;
  long headersReceived;

  /// All that was sent.
  public long sent() {
    return sent;
  }

  /// All that was received.
  public long received() {
    return received;
  }

  /// What of [#sent] was headers.
  public long headersSent() {
    return headersSent;
  }

  /// What of [#received] was headers.
  public long headersReceived() {
    return headersReceived;
  }
}
