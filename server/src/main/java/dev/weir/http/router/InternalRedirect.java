package dev.weir.http.router;

import dev.weir.config.http.RedirectPolicy;
import dev.weir.config.http.RedirectPolicy.Predicate;
import dev.weir.http.HttpStats;
import dev.weir.http.Names;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.route.HeaderText;
import dev.weir.http.route.Route;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// A redirect of a host that the gateway follows by itself: makes of the request's head the head of
/// the next one. Its worker only.
final class InternalRedirect {
  private final FilterStream stream;
  private final HttpStats stats;
  private final RedirectPolicy policy;
  private final Route from;
  private boolean dropsBody;

  /// @param from the route that the request took
  InternalRedirect(FilterStream stream, HttpStats stats, RedirectPolicy policy, Route from) {
    this.stream = stream;
    this.stats = stats;
    this.policy = policy;
    this.from = from;
  }

  /// Whether the next request has no body, though this one may have.
  boolean dropsBody() {
    return dropsBody;
  }

  /// Changes the request's head.
  ///
  /// @return whether the redirect is followed; if not, the head is as before
  boolean apply(Http2Headers response, int status) {
    var headers = stream.requestHeaders();
    var location = response.get(Names.LOCATION);
    if (location == null || headers.path() == null) {
      return false;
    }
    var target = parse(location.toString());
    if (target == null) {
      return refused("bad_location");
    }
    boolean https = "https".contentEquals(headers.scheme());
    boolean toHttps = target.getScheme().equals("https");
    if (!policy.crossScheme() && https != toHttps) {
      return refused("unsafe_scheme");
    }
    if (stream.redirects().count() >= policy.max()) {
      return refused("too_many_redirects");
    }
    return go(headers, target, response, status, https);
  }

  private static @Nullable URI parse(String location) {
    try {
      var uri = new URI(location);
      boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return known && uri.getRawAuthority() != null ? uri : null;
    } catch (URISyntaxException _) {
      return null;
    }
  }

  private boolean go(
      Http2Headers headers, URI target, Http2Headers response, int status, boolean https) {
    var before = new DefaultHttp2Headers(false).setAll(headers);
    var url = headers.scheme() + "://" + headers.authority() + headers.path();
    headers.scheme(target.getScheme());
    headers.authority(target.getRawAuthority());
    headers.path(path(target));
    stream.clearRoute();
    var route = stream.route();
    if (route == null) {
      return restored(before, "no_route");
    }
    for (var predicate : policy.predicates()) {
      if (!accepts(predicate, route, https, target.getScheme().equals("https"))) {
        return restored(before, "predicate");
      }
    }
    headers.set(Names.ORIGINAL_URL, url);
    if (status == 303 && !isRead(headers.method())) {
      headers.method("GET");
      headers.remove(Names.CONTENT_LENGTH);
      dropsBody = true;
    }
    stream.redirects().follow();
    copy(response, headers);
    return true;
  }

  private static boolean isRead(CharSequence method) {
    return "GET".contentEquals(method) || "HEAD".contentEquals(method);
  }

  private static String path(URI target) {
    var path = target.getRawPath();
    var query = target.getRawQuery();
    return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  private boolean accepts(Predicate predicate, Route to, boolean https, boolean toHttps) {
    return switch (predicate) {
      case Predicate.PreviousRoutes() ->
          stream.redirects().first(from.config().name(), to.config().name());
      case Predicate.AllowListed(var names) -> names.contains(to.config().name());
      case Predicate.SafeCrossScheme() -> https || !toHttps;
    };
  }

  private void copy(Http2Headers response, Http2Headers request) {
    for (var name : policy.copied()) {
      var header = HeaderText.name(name);
      var values = response.getAll(header);
      request.remove(header);
      for (var value : values) {
        request.add(header, value);
      }
    }
  }

  private boolean restored(Http2Headers before, String why) {
    stream.requestHeaders().setAll(before);
    return refused(why);
  }

  private boolean refused(String why) {
    stats.counter("passthrough_internal_redirect_" + why).increment();
    return false;
  }
}
