package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.CorsPolicy;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.cors`: answers preflight requests, and tells browsers who may read a
/// response. Immutable; any worker. Source: the Fetch standard, "CORS protocol".
final class CorsFilter implements HttpFilterFactory {
  private static final AsciiString ORIGIN = AsciiString.cached("origin");
  private static final AsciiString ALLOW_ORIGIN = AsciiString.cached("access-control-allow-origin");
  private static final AsciiString ALLOW_CREDENTIALS =
      AsciiString.cached("access-control-allow-credentials");
  private static final AsciiString ALLOW_METHODS =
      AsciiString.cached("access-control-allow-methods");
  private static final AsciiString ALLOW_HEADERS =
      AsciiString.cached("access-control-allow-headers");
  private static final AsciiString ALLOW_PRIVATE =
      AsciiString.cached("access-control-allow-private-network");
  private static final AsciiString EXPOSE_HEADERS =
      AsciiString.cached("access-control-expose-headers");
  private static final AsciiString MAX_AGE = AsciiString.cached("access-control-max-age");
  private static final AsciiString REQUEST_METHOD =
      AsciiString.cached("access-control-request-method");
  private static final AsciiString REQUEST_PRIVATE =
      AsciiString.cached("access-control-request-private-network");

  private final String name;
  private final Counter valid;
  private final Counter invalid;

  CorsFilter(String name, StatScope scope) {
    this.name = name;
    this.valid = scope.counter("cors.origin_valid");
    this.invalid = scope.counter("cors.origin_invalid");
  }

  @Override
  public @Nullable HttpFilter create(FilterStream stream) {
    return stream.override(name) instanceof CorsPolicy policy ? new One(stream, policy) : null;
  }

  private final class One implements HttpFilter {
    private final FilterStream stream;
    private final CorsPolicy policy;
    private @Nullable String origin;

    One(FilterStream stream, CorsPolicy policy) {
      this.stream = stream;
      this.policy = policy;
    }

    @Override
    public Step onRequestHeaders(Http2Headers headers, boolean end) {
      boolean enabled = policy.enabled().includes(stream.random());
      boolean shadow = policy.shadow().includes(stream.random());
      var asked = headers.get(ORIGIN);
      if (asked == null || asked.length() == 0 || !(enabled || shadow)) {
        return Step.CONTINUE;
      }
      var text = asked.toString();
      boolean preflight =
          "OPTIONS".contentEquals(headers.method()) && headers.contains(REQUEST_METHOD);
      if (policy.origins().stream().noneMatch(allowed -> allowed.test(text))) {
        invalid.increment();
        if (enabled && preflight && !policy.forwardOthers()) {
          stream.reply(LocalReply.of(200, "", "cors_response"));
          return Step.STOP;
        }
        return Step.CONTINUE;
      }
      valid.increment();
      if (!enabled) {
        return Step.CONTINUE;
      }
      if (!preflight) {
        origin = text;
        return Step.CONTINUE;
      }
      boolean wantsPrivate = "true".contentEquals(String.valueOf(headers.get(REQUEST_PRIVATE)));
      stream.reply(
          LocalReply.of(200, "", "cors_response").with(reply -> answer(reply, text, wantsPrivate)));
      return Step.STOP;
    }

    private void answer(Http2Headers reply, String allowed, boolean wantsPrivate) {
      reply.set(ALLOW_ORIGIN, allowed);
      set(reply, ALLOW_METHODS, policy.methods());
      set(reply, ALLOW_HEADERS, policy.headers());
      if (Boolean.TRUE.equals(policy.credentials())) {
        reply.set(ALLOW_CREDENTIALS, "true");
      }
      set(reply, EXPOSE_HEADERS, policy.exposed());
      set(reply, MAX_AGE, policy.maxAge());
      if (wantsPrivate && Boolean.TRUE.equals(policy.privateNetwork())) {
        reply.set(ALLOW_PRIVATE, "true");
      }
    }

    private static void set(Http2Headers headers, AsciiString key, String value) {
      if (!value.isEmpty()) {
        headers.set(key, value);
      }
    }

    @Override
    public void onResponseHeaders(Http2Headers headers, boolean end) {
      if (origin != null) {
        headers.set(ALLOW_ORIGIN, origin);
        if (Boolean.TRUE.equals(policy.credentials())) {
          headers.set(ALLOW_CREDENTIALS, "true");
        }
        set(headers, EXPOSE_HEADERS, policy.exposed());
      }
    }
  }
}
