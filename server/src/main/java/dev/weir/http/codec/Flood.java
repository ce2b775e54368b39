package dev.weir.http.codec;

import org.jspecify.annotations.Nullable;

/// Frames of HTTP/2 that cost a client nothing and of which it has sent too many, or that it does
/// not take.
enum Flood {
  EMPTY("inbound_empty_frames_flood"),
  PRIORITY("inbound_priority_frames_flood"),
  WINDOW_UPDATE("inbound_window_update_frames_flood"),
  /// It does not take the answers to PING and SETTINGS, nor what is reset.
  CONTROL("outbound_control_flood"),
  /// It does not take its answers.
  OUTBOUND("outbound_flood"),
  /// Counted as a protocol error, as on Envoy.
  RESET(null);

  private final @Nullable String counter;

  Flood(@Nullable String counter) {
    this.counter = counter;
  }

  /// The counter below `http2.`; null for none.
  @Nullable String counter() {
    return counter;
  }

  /// What logs print.
  String details() {
    return "http2." + (counter == null ? "stream_reset_flood" : counter);
  }
}
