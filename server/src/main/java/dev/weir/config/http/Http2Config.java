package dev.weir.config.http;

import java.time.Duration;

/// How HTTP/2 is spoken with clients (`config.core.v3.Http2ProtocolOptions`).
///
/// @param windows in bytes, at least 65,535
/// @param keepaliveInterval between PINGs; zero for none
public record Http2Config(
    int tableSize,
    long maxConcurrentStreams,
    Windows windows,
    boolean allowConnect,
    boolean streamErrorOnInvalidMessage,
    FloodLimits floods,
    Duration keepaliveInterval,
    Duration keepaliveTimeout) {

  /// Initial windows.
  public record Windows(int stream, int connection) {}

  /// How much is borne that costs a client nothing.
  ///
  /// @param outboundFrames that may wait to be written
  /// @param outboundControlFrames of them PING, SETTINGS and RST_STREAM
  /// @param emptyFrames in a row, with a payload of zero bytes
  public record FloodLimits(int outboundFrames, int outboundControlFrames, int emptyFrames) {}
}
