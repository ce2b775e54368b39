package dev.weir.http.codec;

import dev.weir.config.HttpConnectionManagerConfig.Limits;
import dev.weir.config.http.Http1Config;
import dev.weir.config.http.RequestRules.Underscores;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
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

  /// What `connection` may say beside names of headers.
  private static final Set<String> KEPT_WORDS =
      Set.of("close", "keep-alive", "upgrade", "te", "connection", "http2-settings");

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
  private final Http1Stats stats;

  Http1Requests(Http1Handler.Options options) {
    this.config = options.http1();
    this.limits = options.limits();
    this.underscores = options.underscores();
    this.stats = options.stats();
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
    var method = request.method().name();
    boolean http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    var headers = new DefaultHttp2Headers(false, request.headers().size() + 4);
    var invalid = check(request, headers, http10);
    boolean connect = method.equals("CONNECT");
    if (invalid == null) {
      headers.method(method);
      invalid = target(request.uri(), connect, headers);
    }
    if (invalid == null) {
      invalid = framing(headers, connect, http10);
    }
    if (invalid != null) {
      return new Head(new DefaultHttp2Headers(false), false, false, false, invalid);
    }
    boolean upgrade = !connect && isUpgrade(headers);
    boolean body = headers.contains(TRANSFER_ENCODING) || length(headers) > 0;
    if (http10 && headers.authority() == null && !config.defaultHost().isEmpty()) {
      headers.authority(config.defaultHost());
    }
    return new Head(headers, body, connect || upgrade, http10, null);
  }

  /// Looks at the version, the method and each header.
  private @Nullable InvalidRequest check(
      HttpRequest request, Http2Headers headers, boolean http10) {
    var version = request.protocolVersion();
    var failure = failure(request.decoderResult());
    if (failure != null) {
      var encodings = request.headers().getAll(TRANSFER_ENCODING);
      boolean plain = encodings.isEmpty() || encodings.equals(List.of("chunked"));
      return !plain ? InvalidRequest.ENCODING : failure;
    }
    if (version.equals(Http1Decoder.NONE) || !METHODS.contains(request.method().name())) {
      return InvalidRequest.CODEC;
    }
    if (version.equals(Http1Decoder.OLD) || (http10 && !config.http10())) {
      return InvalidRequest.OLD;
    }
    var invalid = copy(request.headers(), headers);
    if (invalid != null) {
      return invalid;
    }
    var authority = headers.authority();
    if (authority != null && !isAuthority(authority)) {
      return InvalidRequest.AUTHORITY;
    }
    return nominated(headers) ? InvalidRequest.NOMINATED : null;
  }

  /// Removes what the client has nominated in `connection` as meant for us alone.
  ///
  /// @return whether it nominates what others rely on
  private static boolean nominated(Http2Headers headers) {
    var lines = headers.getAll(CONNECTION);
    if (lines.isEmpty()) {
      return false;
    }
    var list = String.join(",", lines);
    headers.set(CONNECTION, list);
    for (var word : list.split(",", -1)) {
      var name = word.strip().toLowerCase(Locale.ROOT);
      if (name.startsWith(":") || name.startsWith("x-forwarded-") || name.equals("host")) {
        return true;
      }
      if (!name.isEmpty() && !KEPT_WORDS.contains(name)) {
        headers.remove(name);
      }
    }
    return false;
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
          stats.underscoresRefused.increment();
          return InvalidRequest.UNDERSCORE;
        }
        stats.underscoresDropped.increment();
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
    if (!isPrintable(uri)) {
      return InvalidRequest.CHARACTERS;
    }
    boolean star = uri.equals("*") && String.valueOf(headers.method()).equals("OPTIONS");
    boolean asItIs = !config.absoluteUrl() && (uri.equals("*") || uri.contains("://"));
    if (uri.startsWith("/") || star || asItIs) {
      headers.path(uri);
      return null;
    }
    return absolute(uri, headers);
  }

  private static @Nullable InvalidRequest absolute(String uri, Http2Headers headers) {
    var lower = uri.toLowerCase(Locale.ROOT);
    int from = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : 0;
    if (from == 0) {
      return lower.contains("://") ? InvalidRequest.SCHEME : InvalidRequest.URL;
    }
    int end = from;
    while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    int user = uri.lastIndexOf('@', end);
    var authority = uri.substring(user > from ? user + 1 : from, end);
    if (authority.isEmpty()) {
      return InvalidRequest.URL;
    }
    var rest = uri.substring(end);
    headers.authority(authority);
    headers.scheme(lower.substring(0, from - 3));
    headers.path(rest.isEmpty() ? "/" : rest);
    return null;
  }

  /// Whether a text has only what may be in a host with its port. Source: RFC 3986, section 3.2.
  private static boolean isAuthority(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean fine =
          (character >= 'a' && character <= 'z')
              || (character >= 'A' && character <= 'Z')
              || (character >= '0' && character <= '9')
              || "!$%&'()*+,-.:;=@[]_~".indexOf(character) >= 0;
      if (!fine) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character <= ' ' || character >= 0x7f) {
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
