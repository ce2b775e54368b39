package dev.weir.config.http;

import java.time.Duration;
import java.util.Map;

/// How HTTP/2 is spoken with clients (`config.core.v3.Http2ProtocolOptions`).
///
/// @param windows in bytes, at least 65,535
/// @param customSettings told to the peer beside our own, by identifier
public record Http2Config(
    int tableSize,
    long maxConcurrentStreams,
    Windows windows,
    boolean allowConnect,
    boolean streamErrorOnInvalidMessage,
    FloodLimits floods,
    Map<Integer, Long> customSettings,
    Keepalive keepalive) {

  /// Initial windows.
  public record Windows(int stream, int connection) {}

  /// How much is borne that costs a client nothing.
  ///
  /// @param outboundFrames that may wait to be written
  /// @param outboundControlFrames of them PING, SETTINGS and RST_STREAM
  /// @param emptyFrames in a row, with a payload of zero bytes; 0 for any number
  /// @param prioritiesPerStream PRIORITY frames
  /// @param windowUpdatesPerData WINDOW_UPDATE frames for each DATA frame sent
  /// @param resets RST_STREAM frames
  public record FloodLimits(
      int outboundFrames,
      int outboundControlFrames,
      int emptyFrames,
      long prioritiesPerStream,
      long windowUpdatesPerData,
      Resets resets) {}

  /// How many RST_STREAM frames are borne at once, and per second.
  public record Resets(long burst, long rate) {}

  /// PINGs by which dead clients are found.
  ///
  /// @param interval zero for none
  /// @param jitter lengthens the interval by up to that many percent
  /// @param timeout of an answer
  public record Keepalive(Duration interval, double jitter, Duration timeout) {}
}
