package dev.weir.http.router;

import dev.weir.config.http.RouteAction;
import dev.weir.config.http.RouteAction.HostRewrite;
import dev.weir.config.http.RouteAction.PathRewrite;
import dev.weir.config.http.RouteMatch.Path;
import dev.weir.http.Names;
import dev.weir.http.route.HeaderText;
import dev.weir.http.route.PathText;
import dev.weir.http.route.Route;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// What routes do to paths and hosts. Any worker.
final class Rewrites {
  private Rewrites() {}

  /// Rewrites path and host of a request that is forwarded.
  ///
  /// @param share the cluster that was drawn; null if there was nothing to draw
  /// @param tellPath whether the host is told the path that it was
  static void apply(
      Http2Headers headers,
      Route route,
      RouteAction.Forward forward,
      RouteAction.@Nullable ClusterShare share,
      boolean tellPath) {
    var path = headers.path();
    if (!(forward.path() instanceof PathRewrite.None) && path != null) {
      if (tellPath) {
        headers.set(Names.ORIGINAL_PATH, path);
      }
      headers.path(path(path.toString(), forward.path(), route.config().match().path()));
    }
    var rewrite = forward.host();
    if (share != null && !(share.host().kind() instanceof HostRewrite.Kind.Keep)) {
      rewrite = share.host();
    }
    host(headers, rewrite, path == null ? "" : path.toString());
  }

  /// A path, rewritten; its query stays, unless a whole path brings its own.
  static String path(String whole, PathRewrite rewrite, Path match) {
    int end = whole.indexOf('?');
    var path = end < 0 ? whole : whole.substring(0, end);
    var query = end < 0 ? "" : whole.substring(end);
    return switch (rewrite) {
      case PathRewrite.None() -> whole;
      case PathRewrite.Prefix(var replacement) ->
          replacement + path.substring(matched(path, match)) + query;
      case PathRewrite.Regex(var pattern, var substitution) ->
          pattern.matcher(path).replaceAll(substitution) + query;
      case PathRewrite.Whole(var next) -> next.indexOf('?') < 0 ? next + query : next;
    };
  }

  /// How much of a path a route's match has matched.
  private static int matched(String path, Path match) {
    return switch (match) {
      case Path.Prefix(var prefix, _) -> Math.min(prefix.length(), path.length());
      case Path.SeparatedPrefix(var prefix, _) -> Math.min(prefix.length(), path.length());
      case Path.Exact _, Path.Regex _, Path.Template _ -> path.length();
      case Path.Connect() -> 0;
    };
  }

  private static void host(Http2Headers headers, HostRewrite rewrite, String path) {
    var next =
        switch (rewrite.kind()) {
          case HostRewrite.Kind.Keep(), HostRewrite.Kind.Auto() -> null;
          case HostRewrite.Kind.Literal(var host) -> host;
          case HostRewrite.Kind.FromHeader(var header) ->
              HeaderText.first(headers, HeaderText.name(header));
          case HostRewrite.Kind.FromPath(var pattern, var substitution) ->
              pattern.matcher(PathText.of(path).path()).replaceAll(substitution);
        };
    if (next != null && !next.isEmpty()) {
      replaceHost(headers, next, rewrite.appendForwardedHost());
    }
  }

  /// Gives a request another host.
  static void replaceHost(Http2Headers headers, String host, boolean append) {
    var former = headers.authority();
    if (former != null && !former.toString().equals(host)) {
      headers.set(Names.ORIGINAL_HOST, former);
      if (append) {
        var before = headers.get(Names.FORWARDED_HOST);
        headers.set(Names.FORWARDED_HOST, before == null ? former : before + "," + former);
      }
    }
    headers.authority(host);
  }

  /// Where a redirect leads.
  static String location(Http2Headers headers, RouteAction.Redirect redirect, Path match) {
    var proto = headers.get(Names.FORWARDED_PROTO);
    var scheme = redirect.scheme() != null ? redirect.scheme() : String.valueOf(proto);
    var authority = String.valueOf(headers.authority());
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > 0 && authority.indexOf(']', colon) < 0;
    var host =
        redirect.host().isEmpty()
            ? (hasPort ? authority.substring(0, colon) : authority)
            : redirect.host();
    var port = "";
    if (redirect.port() != 0) {
      port = ":" + redirect.port();
    } else if (redirect.host().isEmpty()
        && hasPort
        && !dropsPort(authority.substring(colon + 1), redirect, String.valueOf(proto))) {
      port = authority.substring(colon);
    }
    var whole = String.valueOf(headers.path());
    var path = path(whole, redirect.path(), match);
    if (redirect.stripQuery()) {
      int query = path.indexOf('?');
      path = query < 0 ? path : path.substring(0, query);
    }
    return scheme + "://" + host + port + path;
  }

  /// A port that goes with the former scheme is left out where the scheme changes.
  private static boolean dropsPort(String port, RouteAction.Redirect redirect, String scheme) {
    boolean changes = redirect.scheme() != null && !redirect.scheme().equals(scheme);
    return changes
        && ((scheme.equals("http") && port.equals("80"))
            || (scheme.equals("https") && port.equals("443")));
  }
}
