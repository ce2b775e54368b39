package dev.weir.http;

import dev.weir.config.HttpProtocol;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.RouteAction;
import dev.weir.connection.Connection;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.filter.RedirectTrail;
import dev.weir.http.route.Route;
import dev.weir.http.route.RouteQuery;
import dev.weir.telemetry.ConnectionRecord;
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
