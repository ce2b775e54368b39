package dev.weir.http.filter.compressor;

import dev.weir.config.http.CompressorConfig.Direction;
import dev.weir.http.Names;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the headers of a message say for and against compressing it.
final class ContentRules {
  static final AsciiString CONTENT_ENCODING = AsciiString.cached("content-encoding");
  static final AsciiString ETAG = AsciiString.cached("etag");
  private static final AsciiString CACHE_CONTROL = AsciiString.cached("cache-control");
  private static final AsciiString VARY = AsciiString.cached("vary");
  private static final String ACCEPT_ENCODING = "Accept-Encoding";

  private ContentRules() {}

  /// Whether it is long enough, for all that is known.
  static boolean isLongEnough(Http2Headers headers, Direction direction) {
    var length = headers.get(Names.CONTENT_LENGTH);
    return length == null || Long.parseLong(length.toString()) >= direction.minLength();
  }

  /// Whether it is of a type that is compressed.
  static boolean isOfType(Http2Headers headers, Direction direction) {
    var type = headers.get(Names.CONTENT_TYPE);
    return type == null || direction.types().contains(plain(type.toString()));
  }

  /// Whether caches, and others on the way, may not change it.
  static boolean isFixed(Http2Headers headers) {
    return names(headers.get(CACHE_CONTROL), "no-transform", true);
  }

  /// Tells caches that clients get different answers.
  static void addVary(Http2Headers headers) {
    var vary = headers.get(VARY);
    if (vary == null) {
      headers.set(VARY, ACCEPT_ENCODING);
    } else if (!names(vary, ACCEPT_ENCODING, false)) {
      headers.set(VARY, vary + ", " + ACCEPT_ENCODING);
    }
  }

  /// The bytes are others now: a strong tag does not hold any more.
  static void changeEtag(Http2Headers headers, boolean weaken) {
    var etag = headers.get(ETAG);
    if (etag == null || isWeak(etag.toString())) {
      return;
    }
    if (weaken) {
      headers.set(ETAG, "W/" + etag);
    } else {
      headers.remove(ETAG);
    }
  }

  private static boolean isWeak(String etag) {
    return etag.regionMatches(true, 0, "W/", 0, 2);
  }

  private static boolean names(@Nullable CharSequence list, String word, boolean anyCase) {
    if (list == null) {
      return false;
    }
    for (var part : list.toString().split(",", -1)) {
      var found = part.strip();
      if (anyCase ? found.equalsIgnoreCase(word) : found.equals(word)) {
        return true;
      }
    }
    return false;
  }

  private static String plain(String type) {
    int parameters = type.indexOf(';');
    var name = parameters < 0 ? type : type.substring(0, parameters);
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
