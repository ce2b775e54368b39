package dev.weir.http.route;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Headers as tests and formats see them.
public final class HeaderText {
  private static final AsciiString HOST = AsciiString.cached("host");

  private HeaderText() {}

  /// The name as headers are kept under: `host` is `:authority`.
  public static AsciiString name(String lowerCase) {
    var name = AsciiString.cached(lowerCase);
    return name.contentEquals(HOST) ? Http2Headers.PseudoHeaderName.AUTHORITY.value() : name;
  }

  /// All values of a header, joined by commas; null if it is absent.
  public static @Nullable String joined(Http2Headers headers, AsciiString name) {
    var first = headers.get(name);
    if (first == null) {
      return null;
    }
    var values = headers.valueIterator(name); // in no order
    values.next();
    return values.hasNext() ? String.join(",", headers.getAll(name)) : first.toString();
  }

  /// The first value of a header; null if it is absent.
  public static @Nullable String first(Http2Headers headers, AsciiString name) {
    var value = headers.get(name);
    return value == null ? null : value.toString();
  }
}
