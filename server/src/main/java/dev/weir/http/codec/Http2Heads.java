package dev.weir.http.codec;

import dev.weir.config.http.RequestRules.Underscores;
import dev.weir.upstream.http.ExtendedConnect;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/// Brings the headers of HTTP/2 requests into form. Its connection's worker only.
final class Http2Heads {
  private static final AsciiString COOKIE = AsciiString.cached("cookie");
  private static final AsciiString HOST = AsciiString.cached("host");

  private final boolean allowConnect;
  private final Underscores underscores;
  private final Http2Stats stats;

  /// @param allowConnect whether a CONNECT may name a protocol
  Http2Heads(boolean allowConnect, Underscores underscores, Http2Stats stats) {
    this.allowConnect = allowConnect;
    this.underscores = underscores;
    this.stats = stats;
  }

  /// What comes of a head.
  enum Verdict {
    FINE,
    /// It is as it should be, and has what is not wanted here.
    UNWANTED,
    MALFORMED
  }

  /// Puts headers into their usual form, if they may be.
  Verdict check(Http2Headers headers) {
    if (!HeaderCharacters.areFine(headers) || !RequestLine.isFine(headers, allowConnect)) {
      return Verdict.MALFORMED;
    }
    if (ExtendedConnect.namesProtocol(headers)) {
      ExtendedConnect.toUpgrade(headers);
    }
    if (underscores != Underscores.ALLOW && hasUnderscore(headers)) {
      if (underscores == Underscores.REJECT_REQUEST) {
        stats.underscoresRefused.increment();
        return Verdict.UNWANTED;
      }
      for (var name : List.copyOf(headers.names())) {
        if (AsciiString.indexOf(name, '_', 0) >= 0) {
          stats.underscoresDropped.increment();
          headers.remove(name);
        }
      }
    }
    var cookies = headers.getAll(COOKIE);
    if (cookies.size() > 1) {
      headers.set(COOKIE, String.join("; ", cookies));
    }
    var host = headers.getAndRemove(HOST);
    if (host != null && headers.authority() == null) {
      headers.authority(host);
    }
    return Verdict.FINE;
  }

  private static boolean hasUnderscore(Http2Headers headers) {
    for (var header : headers) {
      if (AsciiString.indexOf(header.getKey(), '_', 0) >= 0) {
        return true;
      }
    }
    return false;
  }
}
