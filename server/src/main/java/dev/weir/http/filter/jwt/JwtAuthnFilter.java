package dev.weir.http.filter.jwt;

import dev.weir.config.http.HttpFilterConfig.JwtOverride;
import dev.weir.config.http.JwtConfig;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.filter.HttpFilter;
import dev.weir.http.filter.HttpFilterFactory;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.route.PathText;
import dev.weir.http.route.RequestTest;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.Clusters;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.jwt_authn`: lets requests pass that have the tokens which are required of
/// them. Immutable; any worker.
public final class JwtAuthnFilter implements HttpFilterFactory {
  private static final AsciiString WWW_AUTHENTICATE = AsciiString.cached("www-authenticate");
  private static final AsciiString ORIGIN = AsciiString.cached("origin");
  private static final AsciiString REQUEST_METHOD =
      AsciiString.cached("access-control-request-method");

  /// So much of a request's URL is told.
  private static final int LONGEST_URL = 256;

  private final String name;
  private final JwtConfig.Options options;
  private final JwtCounters counters;
  private final List<Rule> rules = new ArrayList<>();
  private final Map<String, TokenRule> named = new HashMap<>();
  private final Map<String, TokenRule> byState = new HashMap<>();
  private final String stateKey;
  private final TokenFinder all;

  private record Rule(RequestTest test, @Nullable TokenRule requires) {}

  /// @param name by which routes speak to it
  /// @param scope of the connection manager, where it counts
  public JwtAuthnFilter(String name, JwtConfig config, Clusters clusters, StatScope scope) {
    this.name = name;
    this.options = config.options();
    this.counters = JwtCounters.of(scope, options.statPrefix());
    this.all = new TokenFinder(config.providers().values());
    var issuers = new Issuers(config, clusters, counters);
    config
        .named()
        .forEach((key, requirement) -> named.put(key, TokenRule.of(requirement, issuers)));
    for (var rule : config.rules()) {
      var requires = rule.requires();
      rules.add(
          new Rule(
              new RequestTest(rule.match()),
              requires == null ? null : TokenRule.of(requires, issuers)));
    }
    var states = config.byState();
    this.stateKey = states == null ? "" : states.key();
    if (states != null) {
      states
          .requires()
          .forEach((value, requirement) -> byState.put(value, TokenRule.of(requirement, issuers)));
    }
  }

  @Override
  public HttpFilter create(FilterStream stream) {
    return new One(stream);
  }

  /// The check of one request.
  private final class One implements HttpFilter {
    private final FilterStream stream;
    private boolean answered;
    private boolean waits;
    private boolean over;

    One(FilterStream stream) {
      this.stream = stream;
    }

    @Override
    public Step onRequestHeaders(Http2Headers headers, boolean end) {
      all.removeOurs(headers);
      if (options.bypassPreflight() && isPreflight(headers)) {
        counters.preflights().increment();
        counters.allowed().increment();
        return Step.CONTINUE;
      }
      TokenRule rule;
      if (stream.override(name) instanceof JwtOverride(var requirement)) {
        rule = requirement == null ? null : named.get(requirement);
        if (rule == null && requirement != null) {
          refuseUnknown(requirement);
          return Step.STOP;
        }
      } else {
        rule = find(headers);
      }
      if (rule == null) {
        counters.allowed().increment();
        return Step.CONTINUE;
      }
      var url = url(headers);
      rule.check(stream, status -> decided(status, url));
      waits = !answered;
      return answered && !over ? Step.CONTINUE : Step.STOP;
    }

    private void decided(JwtStatus status, String url) {
      if (over) {
        return; // the client is gone
      }
      answered = true;
      if (status != JwtStatus.OK) {
        over = true;
        refuse(status, url);
        return;
      }
      counters.allowed().increment();
      if (waits) {
        stream.continueRequest();
      }
    }

    private void refuse(JwtStatus status, String url) {
      counters.denied().increment();
      var wrong = status == JwtStatus.MISSING ? "" : ", error=\"invalid_token\"";
      stream.reply(
          LocalReply.of(
                  status == JwtStatus.AUDIENCE ? 403 : 401,
                  options.stripFailures() ? "" : status.text(),
                  details(status.text()))
              .with(headers -> {
                if (!options.stripFailures()) {
                  headers.set(WWW_AUTHENTICATE, "Bearer realm=\"" + url + "\"" + wrong);
                }
              }));
    }

    private void refuseUnknown(String requirement) {
      over = true;
      counters.denied().increment();
      var text =
          "Wrong requirement_name: %s. It should be one of [%s]"
              .formatted(requirement, String.join(",", new TreeSet<>(named.keySet())));
      stream.reply(LocalReply.of(403, "Failed JWT authentication: " + text, details(text)));
    }

    private @Nullable TokenRule find(Http2Headers headers) {
      var path = headers.path() == null ? null : PathText.of(headers.path().toString());
      var query = stream.routeQuery();
      for (var rule : rules) {
        if (rule.test.test(query, path)) {
          return rule.requires;
        }
      }
      if (byState.isEmpty()) {
        return null;
      }
      var state = stream.record().filterState(stateKey);
      return state == null ? null : byState.get(String.valueOf(state.text()));
    }

    @Override
    public void onDestroy() {
      over = true;
    }
  }

  private static boolean isPreflight(Http2Headers headers) {
    return "OPTIONS".contentEquals(String.valueOf(headers.method()))
        && headers.contains(ORIGIN)
        && headers.contains(REQUEST_METHOD);
  }

  private static String details(String text) {
    return "jwt_authn_access_denied{" + text.replace(' ', '_') + "}";
  }

  private static String url(Http2Headers headers) {
    var path = String.valueOf(headers.path());
    return headers.scheme()
        + "://"
        + headers.authority()
        + (path.length() > LONGEST_URL ? path.substring(0, LONGEST_URL) : path);
  }
}
