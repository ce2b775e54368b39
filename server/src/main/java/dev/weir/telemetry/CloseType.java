package dev.weir.telemetry;

/// How a side of a connection was seen to end; what `%DOWNSTREAM_DETECTED_CLOSE_TYPE%` prints.
public enum CloseType {
  /// Both ends closed in order.
  NORMAL("Normal"),
  /// We sent a reset.
  LOCAL_RESET("LocalReset"),
  /// The peer sent a reset.
  REMOTE_RESET("RemoteReset");

  private final String text;

  CloseType(String text) {
    this.text = text;
  }

  /// Envoy's spelling.
  public String text() {
    return text;
  }
}
