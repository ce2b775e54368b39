package dev.weir.config.http;

/// How HTTP/1 is spoken with clients (`config.core.v3.Http1ProtocolOptions`).
///
/// @param absoluteUrl whether a whole URL may stand for the path
/// @param defaultHost for HTTP/1.0 requests without one; empty for none
/// @param letterCase how header names are written
/// @param streamErrorOnInvalidMessage whether a malformed request leaves the connection open
public record Http1Config(
    boolean absoluteUrl,
    boolean http10,
    String defaultHost,
    boolean trailers,
    boolean chunkedLength,
    boolean streamErrorOnInvalidMessage,
    LetterCase letterCase) {

  /// How header names are written.
  public enum LetterCase {
    LOWER,
    /// `Content-Length`.
    PROPER
  }
}
