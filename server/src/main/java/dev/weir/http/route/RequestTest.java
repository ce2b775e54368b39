package dev.weir.http.route;

import dev.weir.config.http.MetadataMatch;
import dev.weir.config.http.QueryMatch;
import dev.weir.config.http.RouteMatch;
import dev.weir.config.http.RouteMatch.Path;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Which requests a route is for. Immutable; any worker.
public final class RequestTest {
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");

  private final RouteMatch match;
  private final HeaderTests headers;

  public RequestTest(RouteMatch match) {
    this.match = match;
    this.headers = HeaderTests.of(match.headers());
  }

  /// Whether a request passes.
  ///
  /// @param path null for a CONNECT request that has none
  public boolean test(RouteQuery request, @Nullable PathText path) {
    return path(request.headers(), path)
        && headers.all(request.headers())
        && (!match.grpc() || isGrpc(request.headers()))
        && query(path)
        && cookies(request.headers())
        && tls(request)
        && metadata(request)
        && state(request)
        && fraction(request);
  }

  private boolean fraction(RouteQuery request) {
    var share = match.fraction();
    return share == null || share.includes(request.random());
  }

  private boolean path(Http2Headers headers, @Nullable PathText text) {
    if (match.path() instanceof Path.Connect) {
      return CONNECT.contentEquals(headers.method());
    }
    if (text == null) {
      return false;
    }
    var path = text.path();
    return switch (match.path()) {
      case Path.Prefix(var prefix, boolean ignoreCase) ->
          path.regionMatches(ignoreCase, 0, prefix, 0, prefix.length());
      case Path.Exact(var exact, boolean ignoreCase) ->
          ignoreCase ? path.equalsIgnoreCase(exact) : path.equals(exact);
      case Path.Regex(var pattern) -> pattern.matches(path);
      case Path.Template(var template) -> template.pattern().matches(path);
      case Path.SeparatedPrefix(var prefix, boolean ignoreCase) ->
          path.regionMatches(ignoreCase, 0, prefix, 0, prefix.length())
              && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
      case Path.Connect() -> false;
    };
  }

  private static boolean isGrpc(Http2Headers headers) {
    var type = headers.get(CONTENT_TYPE);
    if (type == null) {
      return false;
    }
    var text = type.toString();
    return text.startsWith("application/grpc")
        && (text.length() == "application/grpc".length()
            || text.charAt("application/grpc".length()) == '+');
  }

  private boolean query(@Nullable PathText path) {
    for (var parameter : match.query()) {
      if (!matches(parameter, path == null ? null : path.parameter(parameter.name()))) {
        return false;
      }
    }
    return true;
  }

  private boolean cookies(Http2Headers headers) {
    for (var cookie : match.cookies()) {
      var value = Cookies.value(headers, cookie.name());
      boolean matches = value != null && cookie.text() != null && cookie.text().test(value);
      if (matches == cookie.invert()) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(QueryMatch match, @Nullable String value) {
    var text = match.text();
    if (text == null) {
      return (value != null) == match.present();
    }
    return value != null && text.test(value) != match.invert();
  }

  private boolean metadata(RouteQuery request) {
    for (var wanted : match.metadata()) {
      if (!matches(wanted, request)) {
        return false;
      }
    }
    return true;
  }

  private boolean state(RouteQuery request) {
    for (var wanted : match.state()) {
      var found = request.record().filterState(wanted.key());
      var text = found == null ? null : found.text();
      if (text == null || !wanted.text().test(text)) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(MetadataMatch wanted, RouteQuery request) {
    return wanted.test(request.record().metadata(wanted.namespace(), wanted.path()));
  }

  private boolean tls(RouteQuery request) {
    var wanted = match.tls();
    if (wanted == null) {
      return true;
    }
    var presented = wanted.presented();
    var validated = wanted.validated();
    return (presented == null || presented == request.certificate().presented())
        && (validated == null || validated == request.certificate().validated());
  }
}
