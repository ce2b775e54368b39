package dev.weir.config;

/// A version of TLS, the oldest first.
public enum TlsVersion {
  /// Broken, and only spoken where it is asked for.
  TLS_1_0("TLSv1"),
  /// Broken, and only spoken where it is asked for.
  TLS_1_1("TLSv1.1"),
  /// RFC 5246.
  TLS_1_2("TLSv1.2"),
  /// RFC 8446.
  TLS_1_3("TLSv1.3");

  private final String text;

  TlsVersion(String text) {
    this.text = text;
  }

  /// As sessions, counters and logs have it.
  public String text() {
    return text;
  }
}
