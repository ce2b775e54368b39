package dev.weir.admin;

import java.io.IOException;
import java.io.Writer;

/// An answer of the admin interface.
///
/// @param status of HTTP
/// @param body writes itself when the head has been sent, in as many pieces as it likes
record AdminResponse(int status, String contentType, Body body) {
  static final String TEXT = "text/plain; charset=UTF-8";
  static final String JSON = "application/json";
  static final String HTML = "text/html; charset=UTF-8";

  /// A body, which may be too big to hold.
  @FunctionalInterface
  interface Body {
    void writeTo(Writer out) throws IOException;
  }

  static AdminResponse text(Body body) {
    return new AdminResponse(200, TEXT, body);
  }

  static AdminResponse text(String body) {
    return text(200, body);
  }

  static AdminResponse text(int status, String body) {
    return new AdminResponse(status, TEXT, out -> out.append(body));
  }

  static AdminResponse json(Body body) {
    return new AdminResponse(200, JSON, body);
  }

  /// What a request that changed something is answered with.
  static AdminResponse ok() {
    return text("OK\n");
  }
}
