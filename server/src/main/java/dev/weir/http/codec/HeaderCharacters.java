package dev.weir.http.codec;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;

/// Which characters headers of HTTP/2 may have. They are spoken on as HTTP/1 perhaps, where a line
/// break within a value would begin another header. Any worker. Source: RFC 9113, section 8.2.1.
final class HeaderCharacters {
  private static final String NAME_EXTRAS = "!#$%&'*+-.^_`|~";

  private HeaderCharacters() {}

  /// Whether all names and values are as they may be.
  static boolean areFine(Http2Headers headers) {
    for (var header : headers) {
      var name = header.getKey();
      boolean pseudo = name.length() > 0 && name.charAt(0) == ':';
      boolean path = PseudoHeaderName.PATH.value().contentEquals(name);
      if (!(pseudo || isName(name))
          || !isValue(header.getValue())
          || (pseudo && !isWord(header.getValue(), path))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(CharSequence name) {
    for (int i = 0; i < name.length(); i++) {
      char character = name.charAt(i);
      boolean fine =
          (character >= 'a' && character <= 'z')
              || (character >= '0' && character <= '9')
              || NAME_EXTRAS.indexOf(character) >= 0;
      if (!fine) {
        return false;
      }
    }
    return name.length() > 0;
  }

  private static boolean isValue(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      if ((character < ' ' && character != '\t') || character == 0x7f) {
        return false;
      }
    }
    return true;
  }

  /// Whether it may become part of a request line, where a space divides.
  ///
  /// @param beyondAscii whether it may have bytes that are no ASCII, as a path may
  private static boolean isWord(CharSequence value, boolean beyondAscii) {
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      if (character <= ' ' || (character > 0x7f && !beyondAscii)) {
        return false;
      }
    }
    return true;
  }
}
