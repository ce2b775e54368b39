package dev.weir.http.filter;

import dev.weir.config.MatchInput;
import dev.weir.config.http.HeaderMatch;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.HttpFilterConfig.RbacOverride;
import dev.weir.connection.ConnectionInfo;
import dev.weir.connection.filter.RbacDecisions;
import dev.weir.connection.filter.RbacStats;
import dev.weir.connection.filter.RbacSubject;
import dev.weir.http.route.HeaderTests;
import dev.weir.http.route.HeaderText;
import dev.weir.http.route.PathText;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.StatScope;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.rbac`: answers requests that may not come in with 403. Any worker.
final class RbacRequestFilter implements HttpFilterFactory {
  private static final String NAMESPACE = "envoy.filters.http.rbac";

  private final String name;
  private final RbacStats stats;
  private final RbacDecisions own;

  /// What routes say instead; one for each that says something of its own.
  private final Map<HttpFilterConfig.Rbac, RbacDecisions> ofRoutes = new ConcurrentHashMap<>();

  RbacRequestFilter(String name, HttpFilterConfig.Rbac filter, StatScope scope) {
    var config = filter.config();
    this.name = name;
    this.stats =
        new RbacStats(scope, "rbac." + config.statPrefix(), "rbac." + config.shadowPrefix());
    this.own = decisions(filter);
  }

  private RbacDecisions decisions(HttpFilterConfig.Rbac rules) {
    return new RbacDecisions(
        rules.config(), NAMESPACE, stats, new RbacDecisions.Manner(true, rules.perPolicy()));
  }

  @Override
  public @Nullable HttpFilter create(FilterStream stream) {
    if (stream.override(name) instanceof RbacOverride(var rules)) {
      return rules == null
          ? null
          : new One(stream, ofRoutes.computeIfAbsent(rules, this::decisions));
    }
    return new One(stream, own);
  }

  private record One(FilterStream stream, RbacDecisions decisions) implements HttpFilter {
    @Override
    public Step onRequestHeaders(Http2Headers headers, boolean end) {
      var refusal = decisions.refusal(new Request(stream, headers));
      if (refusal == null) {
        return Step.CONTINUE;
      }
      stream.reply(LocalReply.of(403, "RBAC: access denied", refusal));
      return Step.STOP;
    }
  }

  /// A request that wants to come in.
  private record Request(FilterStream stream, Http2Headers headers) implements RbacSubject {
    @Override
    public ConnectionInfo info() {
      return stream.connection().info();
    }

    @Override
    public ConnectionRecord record() {
      return stream.record();
    }

    @Override
    public SocketAddress remote() {
      var told = stream.record().remoteAddress();
      return told == null ? info().remoteAddress() : told;
    }

    @Override
    public boolean header(HeaderMatch match) {
      return HeaderTests.passes(match, headers);
    }

    @Override
    public @Nullable String path() {
      var path = headers.path();
      return path == null ? null : PathText.of(path.toString()).path();
    }

    @Override
    public @Nullable String text(MatchInput input) {
      return input instanceof MatchInput.RequestHeader(var header)
          ? HeaderText.joined(headers, HeaderText.name(header))
          : RbacSubject.super.text(input);
    }
  }
}
