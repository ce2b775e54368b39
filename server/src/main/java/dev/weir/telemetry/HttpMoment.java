package dev.weir.telemetry;

/// A step of a request, with the name that `COMMON_DURATION` knows it by.
public enum HttpMoment {
  REQUEST_HEAD_END("DS_RX_HDR_END"),
  REQUEST_END("DS_RX_END"),
  UPSTREAM_REQUEST_BEGIN("US_TX_BEG"),
  UPSTREAM_REQUEST_END("US_TX_END"),
  UPSTREAM_RESPONSE_BEGIN("US_RX_BEG"),
  UPSTREAM_BODY_BEGIN("US_RX_BODY_BEG"),
  UPSTREAM_RESPONSE_END("US_RX_END"),
  RESPONSE_BEGIN("DS_TX_BEG"),
  RESPONSE_END("DS_TX_END");

  private final String text;

  HttpMoment(String text) {
    this.text = text;
  }

  /// Its name in formats.
  String text() {
    return text;
  }
}
