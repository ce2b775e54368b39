package dev.weir.http;

import dev.weir.config.AccessLogType;
import dev.weir.config.HttpProtocol;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.RouteAction;
import dev.weir.connection.Connection;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.filter.RedirectTrail;
import dev.weir.http.route.Route;
import dev.weir.http.route.RouteQuery;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.telemetry.StatScope;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// What is known of a request, its route among it; what moves is up to [HttpStream]. Its
/// connection's worker only.
abstract sealed class RoutedRequest implements FilterStream permits HttpStream {
  final HttpConnection home;
  final HttpConnectionManager manager;
  final ConnectionRecord record;
  final RequestFacts facts;
  final RouteChoice routes;
  private final RedirectTrail redirects;
  private boolean upgraded;
  Http2Headers request = new DefaultHttp2Headers(false);

  /// @param redirects that led here
  RoutedRequest(HttpConnection home, RedirectTrail redirects) {
    this.home = home;
    this.redirects = redirects;
    this.manager = home.manager();
    this.record = new ConnectionRecord(home.connection().record());
    this.facts = new RequestFacts(record.startNanos(), home.protocol());
    this.routes = new RouteChoice(manager, home.connection(), record, facts);
    record.http(facts);
    record.filterLogs(manager.logs());
  }

  /// The request has this head from here on.
  void head(Http2Headers headers) {
    request = headers;
    facts.request(headers);
  }

  /// The head is as the rules want it: notes by which id the request goes.
  void noteId() {
    var id = request.get(Names.REQUEST_ID);
    if (id != null) {
      record.streamId(id.toString());
    }
  }

  /// Is about what another one was about, which was found to be good.
  void inherit(RoutedRequest before) {
    head(before.request);
    var client = before.record.remoteAddress();
    if (client != null) {
      record.remoteAddress(client);
    }
    noteId();
  }

  /// Whether the route does not let the request turn into that; else it counts as an upgrade until
  /// it ends.
  boolean refusesUpgrade(String upgrade) {
    if (routes.refusesUpgrade(upgrade)) {
      manager.stats().counter("downstream_rq_ws_on_non_ws_route").increment();
      if (protocol() == HttpProtocol.HTTP2) {
        home.announceEnd(); // as Envoy, and as with HTTP/1
      }
      return true;
    }
    if (routes.route() != null) {
      upgraded = true;
      manager.stats().counter("downstream_cx_upgrades_total").increment();
      manager.stats().gauge("downstream_cx_upgrades_active").increment();
    }
    return false;
  }

  /// Its route is known: logs that it has begun, if that is wanted.
  void logStart() {
    if (manager.config().accessLogs().onStart()) {
      manager.filters().nameCluster(routes.route(), record);
      record.log(AccessLogType.DOWNSTREAM_START);
    }
  }

  /// It has become a tunnel: logs that, if it is wanted.
  void logTunnel() {
    if (manager.config().accessLogs().onConnected()) {
      record.log(AccessLogType.DOWNSTREAM_TUNNEL_SUCCESSFULLY_ESTABLISHED);
    }
  }

  /// The client, or the codec for it, has broken it off.
  void noteReset() {
    manager.stats().resetReceived.increment();
    if (!record.has(ResponseFlag.DPE)) {
      record.flag(ResponseFlag.DR);
      facts.details("http2.remote_reset");
    }
  }

  /// Its connection has ended before it.
  void noteGone(boolean remote) {
    manager.stats().resetReceived.increment();
    if (remote) {
      record.flag(ResponseFlag.DC);
    }
    if (!record.has(ResponseFlag.DPE)) {
      facts.replaceDetails(remote ? "downstream_remote_disconnect" : "downstream_local_disconnect");
    }
  }

  /// Nothing more will be known of it.
  void closeRecord() {
    if (upgraded) {
      manager.stats().gauge("downstream_cx_upgrades_active").decrement();
    }
    manager.stats().requestTime.record(record.durationNanos() / 1_000_000);
    record.close();
  }

  @Override
  public Connection connection() {
    return home.connection();
  }

  @Override
  public HttpProtocol protocol() {
    return home.protocol();
  }

  @Override
  public ConnectionRecord record() {
    return record;
  }

  @Override
  public RequestFacts facts() {
    return facts;
  }

  @Override
  public Http2Headers requestHeaders() {
    return request;
  }

  @Override
  public @Nullable Route route() {
    return routes.route();
  }

  @Override
  public @Nullable String targetCluster() {
    var route = routes.route();
    return route != null
            && route.config().action() instanceof RouteAction.Forward forward
            && forward.target() instanceof RouteAction.Target.Single single
        ? single.cluster()
        : null;
  }

  @Override
  public RouteQuery routeQuery() {
    return routes.query(request);
  }

  @Override
  public long random() {
    return routes.random();
  }

  @Override
  public @Nullable String virtualCluster() {
    return routes.virtualCluster(request);
  }

  @Override
  public void drawn(RouteAction.@Nullable ClusterShare share) {
    routes.drawn(share);
  }

  @Override
  public StatScope scope(String prefix) {
    return manager.stats().below(prefix);
  }

  @Override
  public HttpFilterConfig.PerRoute override(String name) {
    return routes.override(name);
  }

  @Override
  public RedirectTrail redirects() {
    return redirects;
  }
}
