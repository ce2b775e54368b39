package dev.weir.http;

import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.RouteAction;
import dev.weir.config.http.VirtualHostConfig.RequireTls;
import dev.weir.connection.Connection;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.route.Route;
import dev.weir.http.route.RouteQuery;
import dev.weir.http.route.RouteTable;
import dev.weir.telemetry.ConnectionRecord;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Which route a request takes, by the table that was the newest when the request began. Its
/// connection's worker only.
final class RouteChoice {
  private final HttpConnectionManager manager;
  private final Connection connection;
  private final ConnectionRecord record;
  private final RequestFacts facts;
  private final RouteTable table;
  private final long random = ThreadLocalRandom.current().nextLong();
  private @Nullable Route route;
  private RouteAction.@Nullable ClusterShare drawn;

  RouteChoice(
      HttpConnectionManager manager,
      Connection connection,
      ConnectionRecord record,
      RequestFacts facts) {
    this.manager = manager;
    this.connection = connection;
    this.record = record;
    this.facts = facts;
    this.table = manager.table();
  }

  /// Headers that only we and those behind us may set.
  List<String> internalOnlyHeaders() {
    return table.config().options().internalOnlyHeaders();
  }

  /// A random number, the same for the whole request.
  long random() {
    return random;
  }

  /// The route; null if there is none, or not yet.
  @Nullable Route route() {
    return route;
  }

  /// Looks for the route.
  ///
  /// @param internal whether the client is one of ours
  /// @return the answer, if the virtual host wants TLS and the client comes without; null to go on
  @Nullable LocalReply find(Http2Headers request, boolean internal) {
    var host = table.host(request);
    if (host != null) {
      if (mustUseTls(host.requireTls(), internal, request)) {
        return redirectToTls(request);
      }
      route = table.find(host, query(request));
    }
    facts.route(host, route);
    return null;
  }

  private static boolean mustUseTls(RequireTls required, boolean internal, Http2Headers request) {
    boolean wanted =
        switch (required) {
          case NONE -> false;
          case EXTERNAL_ONLY -> !internal;
          case ALL -> true;
        };
    var proto = request.get(Names.FORWARDED_PROTO);
    return wanted && !(proto != null && proto.toString().equals("https"));
  }

  private LocalReply redirectToTls(Http2Headers request) {
    var path = request.path() == null ? "/" : request.path();
    var target = "https://" + request.authority() + path;
    manager.stats().routed.increment();
    manager.stats().directResponses.increment();
    return LocalReply.of(301, "", "direct_response")
        .with(headers -> headers.set(Names.LOCATION, target));
  }

  /// Looks for the route once more, after a change of headers.
  void findAgain(Http2Headers request) {
    var host = table.host(request);
    route = host == null ? null : table.find(host, query(request));
    record.upstream().cluster(null);
    nameCluster();
    facts.route(host, route);
  }

  /// What routes and rules are looked for by.
  RouteQuery query(Http2Headers request) {
    var tls = connection.info().tls();
    boolean has = tls != null && tls.peerCertificate() != null;
    return new RouteQuery(request, record, random, new RouteQuery.Certificate(has, has));
  }

  /// Whether the client may not have the protocol that it asks for: the route's word goes before
  /// the connection manager's.
  boolean refusesUpgrade(String type) {
    if (route == null) {
      return false;
    }
    var atRoute = manager.filters().upgrade(route, type);
    if (atRoute != null) {
      return !atRoute.enabled();
    }
    var here = manager.config().upgrades().get(type);
    return here == null || !here.enabled();
  }

  /// The virtual cluster that the request is counted with; null if there are none.
  @Nullable String virtualCluster(Http2Headers request) {
    var found = route == null ? null : route.host().virtualCluster(query(request));
    facts.virtualCluster("other".equals(found) ? null : found);
    return found;
  }

  /// Notes the cluster that was drawn by weight, whose header changes apply too.
  void drawn(RouteAction.@Nullable ClusterShare share) {
    drawn = share;
  }

  /// Has logs know where a request was going that has not got there.
  void nameCluster() {
    manager.filters().nameCluster(route, record);
  }

  /// What the route tells a filter.
  HttpFilterConfig.PerRoute override(String name) {
    var told = route == null ? null : route.override(name);
    return told == null ? new HttpFilterConfig.Nothing() : told.config();
  }

  /// A reply, its headers changed as the route wants it: one that forwards, or answers itself.
  LocalReply edited(LocalReply reply) {
    var edits = route;
    if (edits == null
        || !(edits.config().action() instanceof RouteAction.Forward
            || reply.details().equals("direct_response"))) {
      return reply;
    }
    return reply.with(headers -> {
      edits.editResponse(headers, record, drawn);
      reply.headers().accept(headers);
    });
  }
}
