package dev.weir.http.codec;

import dev.weir.config.HttpConnectionManagerConfig.Limits;
import dev.weir.config.http.Http1Config;
import dev.weir.config.http.RequestRules.Underscores;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks HTTP/1 requests, and gives their heads HTTP/2's form. Immutable; any worker.
///
/// What could be understood in two ways is refused: that is how requests are smuggled.
final class Http1Requests {
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
  private static final AsciiString HOST = AsciiString.cached("host");
  private static final AsciiString UPGRADE = AsciiString.cached("upgrade");
  private static final AsciiString CONNECTION = AsciiString.cached("connection");
  private static final Set<String> METHODS =
      Set.of(
          "ACL",
          "BIND",
          "CHECKOUT",
          "CONNECT",
          "COPY",
          "DELETE",
          "GET",
          "HEAD",
          "LINK",
          "LOCK",
          "MERGE",
          "MKACTIVITY",
          "MKCALENDAR",
          "MKCOL",
          "MOVE",
          "MSEARCH",
          "NOTIFY",
          "OPTIONS",
          "PATCH",
          "POST",
          "PROPFIND",
          "PROPPATCH",
          "PURGE",
          "PUT",
          "REBIND",
          "REPORT",
          "SEARCH",
          "SOURCE",
          "SUBSCRIBE",
          "TRACE",
          "UNBIND",
          "UNLINK",
          "UNLOCK",
          "UNSUBSCRIBE");

  private final Http1Config config;
  private final Limits limits;
  private final Underscores underscores;

  Http1Requests(Http1Config config, Limits limits, Underscores underscores) {
    this.config = config;
    this.limits = limits;
    this.underscores = underscores;
  }

  /// A head in HTTP/2's form, or what is wrong with it.
  ///
  /// @param body whether a body follows
  /// @param raw whether all that follows is no HTTP: CONNECT, or an upgrade
  record Head(
      Http2Headers headers,
      boolean body,
      boolean raw,
      boolean http10,
      @Nullable InvalidRequest invalid) {}

  Head head(HttpRequest request) {
    var failure = failure(request.decoderResult());
    if (failure != null) {
      return new Head(new DefaultHttp2Headers(false), false, false, false, failure);
    }
    var version = request.protocolVersion();
    boolean http10 = version.majorVersion() == 1 && version.minorVersion() == 0;
    boolean http11 = version.majorVersion() == 1 && version.minorVersion() == 1;
    var method = request.method().name();
    var headers = new DefaultHttp2Headers(false, request.headers().size() + 4);
    headers.method(METHODS.contains(method) ? method : "");
    if (!(http10 || http11) || !METHODS.contains(method)) {
      return new Head(headers, false, false, http10, InvalidRequest.CODEC);
    }
    var invalid = copy(request.headers(), headers);
    if (invalid == null && http10 && !config.http10()) {
      invalid = InvalidRequest.OLD;
    }
    boolean connect = method.equals("CONNECT");
    if (invalid == null) {
      invalid = target(request.uri(), connect, headers);
    }
    if (invalid == null) {
      invalid = framing(headers, connect, http10);
    }
    boolean upgrade = !connect && isUpgrade(headers);
    boolean body = headers.contains(TRANSFER_ENCODING) || length(headers) > 0;
    if (invalid == null
        && http10
        && headers.authority() == null
        && !config.defaultHost().isEmpty()) {
      headers.authority(config.defaultHost());
    }
    return new Head(headers, body, connect || upgrade, http10, invalid);
  }

  /// What the decoder says is wrong; null for nothing.
  static @Nullable InvalidRequest failure(DecoderResult result) {
    if (result.isSuccess()) {
      return null;
    }
    return result.cause() instanceof TooLongFrameException
        ? InvalidRequest.TOO_LARGE
        : InvalidRequest.CODEC;
  }

  private @Nullable InvalidRequest copy(HttpHeaders from, Http2Headers to) {
    int count = 0;
    for (var all = from.iteratorCharSequence(); all.hasNext(); ) {
      var entry = all.next();
      var name = AsciiString.of(entry.getKey()).toLowerCase();
      if (++count > limits.headerCount()) {
        return InvalidRequest.TOO_MANY;
      }
      if (name.indexOf("_") >= 0 && underscores != Underscores.ALLOW) {
        if (underscores == Underscores.REJECT_REQUEST) {
          return InvalidRequest.UNDERSCORE;
        }
        continue;
      }
      if (name.contentEquals(HOST)) {
        var before = to.authority();
        to.authority(before == null ? entry.getValue() : before + "," + entry.getValue());
      } else {
        to.add(name, entry.getValue());
      }
    }
    return null;
  }

  private @Nullable InvalidRequest target(String uri, boolean connect, Http2Headers headers) {
    if (connect) {
      if (!isHostAndPort(uri)) {
        return InvalidRequest.URL;
      }
      headers.authority(uri);
      return null;
    }
    if (uri.startsWith("/") || uri.equals("*")) {
      headers.path(uri);
      return isPrintable(uri) ? null : InvalidRequest.CODEC;
    }
    return absolute(uri, headers);
  }

  private @Nullable InvalidRequest absolute(String uri, Http2Headers headers) {
    var lower = uri.toLowerCase(Locale.ROOT);
    int from = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : 0;
    if (from == 0 || !config.absoluteUrl() || !isPrintable(uri)) {
      return InvalidRequest.URL;
    }
    int end = from;
    while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    var authority = uri.substring(from, end);
    if (authority.isEmpty() || authority.indexOf('@') >= 0) {
      return InvalidRequest.URL;
    }
    var rest = uri.substring(end);
    headers.authority(authority);
    headers.scheme(lower.substring(0, from - 3));
    headers.path(rest.startsWith("/") ? rest : "/" + rest);
    return null;
  }

  private static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character <= ' ' || character == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHostAndPort(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || colon == text.length() - 1 || !isPrintable(text)) {
      return false;
    }
    for (int i = colon + 1; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() - colon <= 6 && text.indexOf('/') < 0;
  }

  private @Nullable InvalidRequest framing(Http2Headers headers, boolean connect, boolean http10) {
    var encoding = headers.get(TRANSFER_ENCODING);
    if (encoding != null) {
      if (connect || http10) {
        return connect ? InvalidRequest.ENCODING : InvalidRequest.CODEC;
      }
      if (headers.getAll(TRANSFER_ENCODING).size() > 1
          || !AsciiString.contentEqualsIgnoreCase("chunked", encoding.toString().strip())) {
        return InvalidRequest.ENCODING;
      }
      if (headers.contains(CONTENT_LENGTH)) {
        if (!config.chunkedLength()) {
          return InvalidRequest.BOTH;
        }
        headers.remove(CONTENT_LENGTH);
      }
    }
    long length = length(headers);
    if (length < 0) {
      return InvalidRequest.CODEC;
    }
    if (connect && length > 0) {
      return InvalidRequest.LENGTH;
    }
    if (connect) {
      headers.remove(CONTENT_LENGTH);
    }
    return null;
  }

  /// The content length; 0 if there is none, -1 if it is no number.
  private static long length(Http2Headers headers) {
    var text = headers.get(CONTENT_LENGTH);
    if (text == null) {
      return 0;
    }
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9' || length > Long.MAX_VALUE / 10 - 10) {
        return -1;
      }
      length = length * 10 + (digit - '0');
    }
    return text.length() == 0 ? -1 : length;
  }

  /// Whether the client asks for another protocol. The way to HTTP/2 in plaintext is not taken, and
  /// not passed on.
  private static boolean isUpgrade(Http2Headers headers) {
    var upgrade = headers.get(UPGRADE);
    if (upgrade == null || !hasToken(headers.get(CONNECTION), "upgrade")) {
      return false;
    }
    if (AsciiString.contentEqualsIgnoreCase("h2c", upgrade)) {
      headers.remove(UPGRADE);
      headers.remove(CONNECTION);
      headers.remove("http2-settings");
      return false;
    }
    return true;
  }

  /// Whether a comma-separated list has a word.
  static boolean hasToken(@Nullable CharSequence list, String token) {
    if (list == null) {
      return false;
    }
    for (var word : list.toString().split(",", -1)) {
      if (word.strip().equalsIgnoreCase(token)) {
        return true;
      }
    }
    return false;
  }
}
