package dev.weir.http.codec;

/// What is wrong with a request.
///
/// @param status of the answer
/// @param details what `%RESPONSE_CODE_DETAILS%` prints
public record InvalidRequest(int status, String details) {
  static final InvalidRequest CODEC = new InvalidRequest(400, "http1.codec_error");
  static final InvalidRequest TOO_LARGE = new InvalidRequest(431, "http1.headers_too_large");
  static final InvalidRequest TOO_MANY = new InvalidRequest(431, "http1.too_many_headers");
  static final InvalidRequest ENCODING = new InvalidRequest(501, "http1.invalid_transfer_encoding");
  static final InvalidRequest OLD = new InvalidRequest(426, "low_version");
  static final InvalidRequest AUTHORITY = new InvalidRequest(400, "http.invalid_authority");
  static final InvalidRequest CHARACTERS = new InvalidRequest(400, "http1.invalid_characters");
  static final InvalidRequest NOMINATED =
      new InvalidRequest(400, "http1.connection_header_rejected");
  static final InvalidRequest SCHEME = new InvalidRequest(400, "http1.invalid_scheme");
  static final InvalidRequest URL = new InvalidRequest(400, "http1.invalid_url");
  static final InvalidRequest LENGTH = new InvalidRequest(400, "http1.content_length_not_allowed");
  static final InvalidRequest BOTH =
      new InvalidRequest(400, "http1.content_length_and_chunked_not_allowed");
  static final InvalidRequest TOO_MANY_2 = new InvalidRequest(431, "http2.too_many_headers");
  static final InvalidRequest TOO_LARGE_2 = new InvalidRequest(431, "http2.headers_too_large");
  static final InvalidRequest UNDERSCORE_2 = new InvalidRequest(400, "http2.unexpected_underscore");
  static final InvalidRequest MESSAGING =
      new InvalidRequest(400, "http2.violation.of.messaging.rule");
  static final InvalidRequest UNDERSCORE = new InvalidRequest(400, "http1.unexpected_underscore");
}
