package dev.weir.http.route;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Reads cookies of requests. Any worker.
public final class Cookies {
  private static final AsciiString COOKIE = AsciiString.cached("cookie");

  private Cookies() {}

  /// The value of a cookie, without quotes; null if there is no such cookie.
  public static @Nullable String value(Http2Headers headers, String name) {
    for (var all : headers.getAll(COOKIE)) {
      for (var pair : all.toString().split(";", -1)) {
        var text = pair.strip();
        int equals = text.indexOf('=');
        if (equals > 0 && text.substring(0, equals).equals(name)) {
          var value = text.substring(equals + 1);
          boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
          return quoted ? value.substring(1, value.length() - 1) : value;
        }
      }
    }
    return null;
  }
}
