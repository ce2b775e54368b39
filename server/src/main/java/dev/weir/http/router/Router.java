package dev.weir.http.router;

import dev.weir.config.http.RouteAction;
import dev.weir.config.http.RouteAction.PathRewrite;
import dev.weir.http.Names;
import dev.weir.http.RequestFacts;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.filter.HttpFilter;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.route.Route;
import dev.weir.telemetry.ResponseFlag;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.router`: the last filter of a chain. Answers by itself, or hands a request
/// to a [Forwarding]. Its worker only.
public final class Router implements HttpFilter {
  private final FilterStream stream;
  private final RequestFacts facts;
  private final RouterSettings settings;
  private @Nullable Forwarding forwarding;

  /// The router of one request.
  public Router(FilterStream stream, RequestFacts facts, RouterSettings settings) {
    this.stream = stream;
    this.facts = facts;
    this.settings = settings;
  }

  @Override
  public Step onRequestHeaders(Http2Headers headers, boolean end) {
    var stats = settings.stats();
    stats.routed.increment();
    var route = stream.route();
    if (route == null) {
      stats.noRoute.increment();
      stream.record().flag(ResponseFlag.NR);
      stream.reply(LocalReply.of(404, "", "route_not_found"));
      return Step.STOP;
    }
    switch (route.config().action()) {
      case RouteAction.DirectResponse direct -> direct(direct);
      case RouteAction.Redirect redirect -> redirect(route, headers, redirect);
      case RouteAction.NonForwarding _ ->
          stream.reply(LocalReply.of(500, "", "non_forwarding_action"));
      case RouteAction.Forward forward -> forward(route, forward, headers, end);
    }
    return Step.STOP;
  }

  private void direct(RouteAction.DirectResponse direct) {
    settings.stats().directResponses.increment();
    stream.reply(LocalReply.of(direct.status(), direct.body(), "direct_response"));
  }

  private void redirect(Route route, Http2Headers request, RouteAction.Redirect redirect) {
    settings.stats().directResponses.increment();
    route.editRequest(request, stream.record(), null);
    var location = Rewrites.location(request, redirect, route.config().match().path());
    if (redirect.path() instanceof PathRewrite.Prefix
        || redirect.path() instanceof PathRewrite.Regex) {
      var path = String.valueOf(request.path());
      request.set(Names.ORIGINAL_PATH, path);
      request.path(Rewrites.path(path, redirect.path(), route.config().match().path()));
    }
    stream.reply(
        LocalReply.of(redirect.status(), "", "direct_response")
            .with(headers -> headers.set(Names.LOCATION, location)));
  }

  private void forward(
      Route route, RouteAction.Forward forward, Http2Headers headers, boolean end) {
    var choice = route.targets().choose(headers, stream.random());
    stream.drawn(choice.share());
    var cluster = choice.cluster() == null ? null : settings.clusters().find(choice.cluster());
    if (cluster == null) {
      settings.stats().noCluster.increment();
      stream.record().flag(ResponseFlag.NC);
      stream.reply(
          LocalReply.of(forward.handling().clusterMissingStatus(), "", "cluster_not_found"));
      return;
    }
    stream.record().upstream().cluster(cluster.facts());
    var refusal = StrictHeaders.refusal(settings.config().strictHeaders(), headers);
    if (refusal != null) {
      stream.record().flag(ResponseFlag.IH);
      stream.reply(refusal);
      return;
    }
    var started =
        new Forwarding(
            stream,
            facts,
            settings,
            new Forwarding.Way(route, forward, choice, cluster, settings.clusters()));
    forwarding = started;
    started.begin(headers, end);
  }

  @Override
  public ByteBuf onRequestData(ByteBuf data, boolean end) {
    if (forwarding == null) {
      return data;
    }
    forwarding.data(data, end);
    return Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void onRequestTrailers(Http2Headers trailers) {
    if (forwarding != null) {
      forwarding.trailers(trailers);
    }
  }

  @Override
  public void onRequestReadComplete() {
    if (forwarding != null) {
      forwarding.flush();
    }
  }

  @Override
  public void onClientWritable(boolean writable) {
    if (forwarding != null) {
      forwarding.clientWritable(writable);
    }
  }

  @Override
  public void onDestroy() {
    if (forwarding != null) {
      forwarding.destroy();
    }
  }
}
