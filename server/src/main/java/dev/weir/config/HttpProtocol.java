package dev.weir.config;

/// Which HTTP a connection speaks.
public enum HttpProtocol {
  /// HTTP/1.1, and HTTP/1.0 where the other side is as old.
  HTTP1("HTTP/1.1"),
  HTTP2("HTTP/2");

  private final String text;

  HttpProtocol(String text) {
    this.text = text;
  }

  /// As access logs print it.
  public String text() {
    return text;
  }
}
