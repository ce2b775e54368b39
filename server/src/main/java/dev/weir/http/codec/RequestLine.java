package dev.weir.http.codec;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.Iterator;

/// Whether the parts of an HTTP/2 request that become a request line and a host are what they may
/// be. Any worker. Source: RFC 9113, sections 8.3.1 and 8.5; RFC 8441.
final class RequestLine {
  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
  private static final AsciiString OPTIONS = AsciiString.cached("OPTIONS");
  private static final AsciiString HOST = AsciiString.cached("host");
  private static final AsciiString LENGTH = AsciiString.cached("content-length");
  private static final String METHOD_EXTRAS = "!#$%&'*+-.^_`|~";
  private static final String SCHEME_EXTRAS = "+-.";
  private static final String AUTHORITY_EXTRAS = "!$%&'()*+,-.:;=[]_~";

  private RequestLine() {}

  /// @param extended whether a CONNECT may name a protocol
  static boolean isFine(Http2Headers headers, boolean extended) {
    var method = headers.method();
    return method != null
        && consistsOf(method, METHOD_EXTRAS)
        && isWay(headers, CONNECT.contentEquals(method), extended)
        && isHost(headers)
        && isLength(headers.valueIterator(LENGTH));
  }

  /// A plain CONNECT has neither scheme nor path, everything else has both.
  private static boolean isWay(Http2Headers headers, boolean connect, boolean extended) {
    boolean protocol = headers.contains(PseudoHeaderName.PROTOCOL.value());
    if (protocol && !(connect && extended)) {
      return false;
    }
    var scheme = headers.scheme();
    var path = headers.path();
    if (connect && !protocol) {
      return scheme == null && path == null;
    }
    return scheme != null
        && consistsOf(scheme, SCHEME_EXTRAS)
        && path != null
        && isPath(path, headers.method());
  }

  private static boolean isPath(CharSequence path, CharSequence method) {
    return path.length() == 0
        || path.charAt(0) == '/'
        || (path.length() == 1 && path.charAt(0) == '*' && OPTIONS.contentEquals(method));
  }

  private static boolean isHost(Http2Headers headers) {
    var authority = headers.authority();
    var hosts = headers.valueIterator(HOST);
    var host = hosts.hasNext() ? hosts.next() : null;
    return (authority != null || host != null)
        && !hosts.hasNext()
        && (authority == null || consistsOf(authority, AUTHORITY_EXTRAS))
        && (host == null || consistsOf(host, AUTHORITY_EXTRAS));
  }

  private static boolean isLength(Iterator<CharSequence> lengths) {
    if (!lengths.hasNext()) {
      return true;
    }
    var length = lengths.next();
    boolean digits = length.length() > 0;
    for (int i = 0; i < length.length(); i++) {
      digits &= length.charAt(i) >= '0' && length.charAt(i) <= '9';
    }
    return digits && !lengths.hasNext();
  }

  private static boolean consistsOf(CharSequence text, String extras) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean fine =
          (character >= 'a' && character <= 'z')
              || (character >= 'A' && character <= 'Z')
              || (character >= '0' && character <= '9')
              || extras.indexOf(character) >= 0;
      if (!fine) {
        return false;
      }
    }
    return true;
  }
}
