package dev.weir.http;

/// Streams of one HTTP/2 connection that their client took back before it could get anything for
/// them. Many of them among few that end well are an attack (CVE-2023-44487); resets of streams
/// that were answered, as those of tunnels, count as good. Its worker only.
///
/// The numbers are the defaults of Envoy's runtime keys
/// `overload.premature_reset_total_stream_count` and
/// `overload.premature_reset_min_stream_lifetime_seconds`.
final class PrematureResets {
  private static final int STREAMS = 500;
  private static final long LIFETIME_NANOS = 1_000_000_000;

  private long ended;
  private long premature;

  /// A stream has ended, by whomever.
  void onStreamOver() {
    ended++;
  }

  /// The client has reset a stream, which is over by that.
  ///
  /// @param status what it was answered; 0 if nothing
  /// @param nanos how long it was there
  /// @return whether the connection has to end: half of its streams were taken back, or of its
  ///   first 500 half would be, whatever comes
  boolean onReset(int status, long nanos) {
    if (status != 0 || nanos > LIFETIME_NANOS) {
      return false;
    }
    premature++;
    return ended < STREAMS ? premature >= STREAMS / 2 : premature * 2 >= ended;
  }
}
