package dev.weir.http;

import dev.weir.config.AccessLogType;
import dev.weir.config.HttpProtocol;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.RouteAction;
import dev.weir.config.http.VirtualHostConfig.RequireTls;
import dev.weir.connection.Connection;
import dev.weir.http.codec.InvalidRequest;
import dev.weir.http.codec.ReasonPhrases;
import dev.weir.http.codec.RequestListener;
import dev.weir.http.codec.ServerStream;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.filter.RedirectTrail;
import dev.weir.http.route.Route;
import dev.weir.http.route.RouteQuery;
import dev.weir.http.route.RouteTable;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.telemetry.StatScope;
import dev.weir.transport.TimerWheel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// One request, from its first byte to the last of its response. It is itself the timer of the
/// request. Its connection's worker only.
final class HttpStream extends TimerWheel.Node implements RequestListener, FilterStream {
  private static final int DEADLINE_EXCEEDED = 4;
  private static final AsciiString HEAD = AsciiString.cached("HEAD");

  private final HttpConnection home;
  private final HttpConnectionManager manager;
  private final ServerStream sink;
  private final ConnectionRecord record;
  private final RequestFacts facts;
  private final FilterRun filters = new FilterRun(this);
  private final RouteTable table;
  private final long random = ThreadLocalRandom.current().nextLong();
  private final StreamDeadlines deadlines;
  private final RedirectTrail redirects;
  private Http2Headers request = new DefaultHttp2Headers(false);
  private @Nullable Route route;
  private RouteAction.@Nullable ClusterShare drawn;
  private boolean requestEnded;
  private boolean connect;
  private boolean upgrade;
  private boolean tunnel;
  private boolean upgraded;
  private boolean paused;
  private boolean keepAlive;
  private boolean responseStarted;
  private boolean over;

  HttpStream(HttpConnection home, ServerStream sink) {
    this(home, sink, new RedirectTrail());
  }

  private HttpStream(HttpConnection home, ServerStream sink, RedirectTrail redirects) {
    this.redirects = redirects;
    this.home = home;
    this.manager = home.manager();
    this.sink = sink;
    this.record = new ConnectionRecord(home.connection().record());
    this.facts = new RequestFacts(record.startNanos(), home.protocol());
    this.table = manager.table();
    this.deadlines = new StreamDeadlines(manager.config().timing(), home.worker().now());
    record.http(facts);
    record.filterLogs(manager.logs());
    arm();
  }

  // What comes from the client.

  @Override
  public void onHeaders(Http2Headers headers, boolean end) {
    request = headers;
    facts.request(headers);
    if (end) {
      endRequest();
    }
    if (manager.config().accessLogs().onStart()) {
      record.log(AccessLogType.DOWNSTREAM_START);
    }
    connect = RequestEntry.isConnect(headers);
    upgrade = !connect && headers.contains(Names.UPGRADE) && headers.contains(Names.CONNECTION);
    noteKeepAlive(headers);
    var refusal = manager.entry().check(headers, connection().info(), manager.stats());
    if (refusal != null) {
      reply(refusal);
      return;
    }
    expectContinue(headers);
    var client =
        manager
            .entry()
            .enter(headers, connection(), upgrade, table.config().options().internalOnlyHeaders());
    record.remoteAddress(client.address());
    var id = headers.get(Names.REQUEST_ID);
    if (id != null) {
      record.streamId(id.toString());
    }
    findRoute(client.internal());
  }

  private void noteKeepAlive(Http2Headers headers) {
    var wish = headers.get(Names.CONNECTION);
    if (sink.isHttp10()) {
      facts.http10();
      if (wish != null && wish.toString().equalsIgnoreCase("keep-alive")) {
        keepAlive = true;
      } else {
        home.closeAfterStreams();
      }
    }
    boolean close = wish != null && wish.toString().toLowerCase(Locale.ROOT).contains("close");
    if (home.protocol() == HttpProtocol.HTTP1 && close) {
      home.closeAfterStreams();
    }
  }

  private void expectContinue(Http2Headers headers) {
    var expect = headers.get(Names.EXPECT);
    boolean ours = !manager.config().requests().host().continue100();
    if (ours && expect != null && expect.toString().equalsIgnoreCase("100-continue")) {
      headers.remove(Names.EXPECT);
      respondInformational(new DefaultHttp2Headers(false).status("100"));
    }
  }

  private void findRoute(boolean internal) {
    var host = table.host(request);
    if (host != null) {
      if (mustUseTls(host.requireTls(), internal)) {
        redirectToTls();
        return;
      }
      route = table.find(host, query());
    }
    facts.route(host, route);
    deadlines.route(route, request);
    arm();
    if (upgradeRefused()) {
      manager.stats().counter("downstream_rq_ws_on_non_ws_route").increment();
      reply(LocalReply.of(403, "", "upgrade_failed"));
      return;
    }
    if (upgradeType() != null && route != null) {
      countUpgrade();
    }
    filters.filters(manager.filters().create(this, upgradeType()));
    filters.headers(request, requestEnded);
    if (!over && requestEnded) {
      filters.readComplete();
    }
  }

  private void countUpgrade() {
    upgraded = true;
    manager.stats().counter("downstream_cx_upgrades_total").increment();
    manager.stats().gauge("downstream_cx_upgrades_active").increment();
  }

  private boolean mustUseTls(RequireTls required, boolean internal) {
    boolean wanted =
        switch (required) {
          case NONE -> false;
          case EXTERNAL_ONLY -> !internal;
          case ALL -> true;
        };
    var proto = request.get(Names.FORWARDED_PROTO);
    return wanted && !(proto != null && proto.toString().equals("https"));
  }

  private void redirectToTls() {
    var path = request.path() == null ? "/" : request.path();
    var target = "https://" + request.authority() + path;
    manager.stats().routed.increment();
    manager.stats().directResponses.increment();
    reply(
        LocalReply.of(301, "", "direct_response")
            .with(headers -> headers.set(Names.LOCATION, target)));
  }

  @Override
  public RouteQuery routeQuery() {
    return query();
  }

  private RouteQuery query() {
    var tls = connection().info().tls();
    boolean has = tls != null && tls.peerCertificate() != null;
    return new RouteQuery(request, record, random, new RouteQuery.Certificate(has, has));
  }

  private @Nullable String upgradeType() {
    if (connect) {
      return "connect";
    }
    return upgrade ? String.valueOf(request.get(Names.UPGRADE)).toLowerCase(Locale.ROOT) : null;
  }

  /// Whether the client asks for a protocol that it may not have here: the route's word goes before
  /// the connection manager's.
  private boolean upgradeRefused() {
    var type = upgradeType();
    if (type == null || route == null) {
      return false;
    }
    var atRoute = manager.filters().upgrade(route, type);
    if (atRoute != null) {
      return !atRoute.enabled();
    }
    var here = manager.config().upgrades().get(type);
    return here == null || !here.enabled();
  }

  private void endRequest() {
    requestEnded = true;
    facts.requestEnded(System.nanoTime());
    deadlines.requestEnded();
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    if (over) {
      data.release();
      return;
    }
    touch();
    record.addReceived(data.readableBytes());
    if (end) {
      endRequest();
    }
    filters.data(data, end);
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    if (!over) {
      touch();
      endRequest();
      filters.trailers(trailers);
    }
  }

  @Override
  public void onReadComplete() {
    if (!over) {
      filters.readComplete();
    }
  }

  @Override
  public void onWritable(boolean writable) {
    if (!over) {
      touch();
      filters.clientWritable(writable);
    }
  }

  @Override
  public void onReset(boolean byClient) {
    if (!over) {
      manager.stats().resetReceived.increment();
      record.flag(ResponseFlag.DR);
      facts.details("http2.remote_reset");
      end();
      if (byClient) {
        home.onReset(facts.responseCode(), record.durationNanos());
      }
    }
  }

  @Override
  public void onInvalid(InvalidRequest why) {
    if (over) {
      return;
    }
    boolean timedOut = why.status() == 408;
    if (!timedOut) {
      record.flag(ResponseFlag.DPE);
    }
    if (home.protocol() == HttpProtocol.HTTP1) {
      home.closeAfterStreams();
    }
    var body = timedOut ? "request header timeout" : ReasonPhrases.of(why.status());
    reply(LocalReply.of(why.status(), body, why.details()));
  }

  /// The connection has ended.
  void onConnectionGone(boolean remote) {
    if (!over) {
      manager.stats().resetReceived.increment();
      if (remote) {
        record.flag(ResponseFlag.DC);
      }
      facts.replaceDetails(remote ? "downstream_remote_disconnect" : "downstream_local_disconnect");
      end();
    }
  }

  // What filters may do.

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
  public boolean requestEnded() {
    return requestEnded;
  }

  @Override
  public @Nullable Route route() {
    return route;
  }

  @Override
  public long random() {
    return random;
  }

  @Override
  public @Nullable String virtualCluster() {
    var found = route == null ? null : route.host().virtualCluster(query());
    facts.virtualCluster("other".equals(found) ? null : found);
    return found;
  }

  @Override
  public void drawn(RouteAction.@Nullable ClusterShare share) {
    drawn = share;
  }

  @Override
  public StatScope scope(String prefix) {
    return manager.stats().below(prefix);
  }

  @Override
  public void clearRoute() {
    var host = table.host(request);
    route = host == null ? null : table.find(host, query());
    record.upstream().cluster(null);
    manager.filters().nameCluster(route, record);
    facts.route(host, route);
    deadlines.route(route, request);
  }

  @Override
  public HttpFilterConfig.PerRoute override(String name) {
    var told = route == null ? null : route.override(name);
    return told == null ? new HttpFilterConfig.Nothing() : told.config();
  }

  @Override
  public RedirectTrail redirects() {
    return redirects;
  }

  @Override
  public void restart(List<ByteBuf> body, @Nullable Http2Headers trailers) {
    facts.replaceDetails("internal_redirect");
    var next = new HttpStream(home, sink, redirects);
    next.record.addReceived(record.bytesReceived());
    close();
    home.replace(this, next);
    sink.listener(next);
    next.takeOver(this, body, trailers);
  }

  /// Begins with the head of another one, which was found to be good.
  private void takeOver(HttpStream before, List<ByteBuf> body, @Nullable Http2Headers trailers) {
    request = before.request;
    keepAlive = before.keepAlive;
    facts.request(request);
    var client = before.record.remoteAddress();
    if (client != null) {
      record.remoteAddress(client);
    }
    var id = request.get(Names.REQUEST_ID);
    if (id != null) {
      record.streamId(id.toString());
    }
    if (body.isEmpty() && trailers == null) {
      endRequest();
    }
    findRoute(request.contains(Names.INTERNAL));
    for (int i = 0; i < body.size(); i++) {
      onData(body.get(i), i == body.size() - 1 && trailers == null);
    }
    if (trailers != null) {
      onTrailers(trailers);
    }
    onReadComplete();
  }

  @Override
  public void holdUpTo(long bytes) {
    filters.holdUpTo(bytes);
  }

  @Override
  public void continueRequest() {
    filters.resume(request, requestEnded);
  }

  @Override
  public void reply(LocalReply reply) {
    if (over) {
      return;
    }
    if (responseStarted) {
      abort(reply.details());
      return;
    }
    boolean bad = reply.status() == 400 && home.protocol() == HttpProtocol.HTTP1;
    if (bad && !manager.config().protocols().http1().streamErrorOnInvalidMessage()) {
      home.closeAfterStreams(); // who asks like that may ask for worse
    }
    facts.details(reply.details());
    manager.filters().nameCluster(route, record);
    var type = request.get(Names.CONTENT_TYPE);
    boolean grpc = type != null && type.toString().startsWith("application/grpc");
    var answer = manager.replies().make(edited(reply), grpc, record, facts);
    boolean empty = !answer.body().isReadable() || HEAD.contentEquals(request.method());
    respond(answer.headers(), empty);
    if (empty) {
      answer.body().release();
    } else {
      respondData(answer.body(), true);
    }
    flushResponse();
  }

  /// A reply, its headers changed as the route wants it: one that forwards, or answers itself.
  private LocalReply edited(LocalReply reply) {
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

  @Override
  public void respondInformational(Http2Headers headers) {
    manager.stats().responded(100);
    sink.writeInformational(headers);
    sink.flush();
  }

  @Override
  public void respond(Http2Headers headers, boolean end) {
    if (over) {
      return;
    }
    touch();
    responseStarted = true;
    int status = Integer.parseInt(String.valueOf(headers.status()));
    filters.responseHeaders(headers, end);
    facts.response(headers, status);
    tunnel = (connect && status / 100 == 2) || (upgrade && status == 101);
    manager.responses().apply(headers, upgrade && status == 101);
    var id = request.get(Names.REQUEST_ID);
    if (manager.entry().ids().setInResponse() && id != null) {
      headers.set(Names.REQUEST_ID, id);
    }
    manager.responses().via(headers);
    if (!sink.requestComplete()) {
      manager.stats().earlyResponses.increment();
      if (home.protocol() == HttpProtocol.HTTP1) {
        home.closeAfterStreams();
      }
    }
    home.endIfAsked();
    if (home.isEnding() && home.protocol() == HttpProtocol.HTTP1 && !tunnel) {
      headers.set(Names.CONNECTION, "close");
      home.closeAfterStreams();
    }
    if (keepAlive && !home.isEnding()) {
      headers.set(Names.CONNECTION, "keep-alive");
    }
    if (!facts.isHealthCheck()) {
      manager.stats().responded(status);
    }
    facts.responseSent(headers);
    if (tunnel) {
      deadlines.tunnel();
    }
    sink.writeHeaders(headers, end);
    if (end) {
      responseEnded();
    }
  }

  @Override
  public void respondData(ByteBuf data, boolean end) {
    if (over) {
      data.release();
      return;
    }
    touch();
    var piece = filters.responseData(data, end);
    record.addSent(piece.readableBytes());
    sink.writeData(piece, end);
    if (end) {
      responseEnded();
    }
  }

  @Override
  public void respondTrailers(Http2Headers trailers) {
    if (!over) {
      touch();
      var last = filters.responseData(Unpooled.EMPTY_BUFFER, true);
      if (last.isReadable()) {
        record.addSent(last.readableBytes());
        sink.writeData(last, false);
      } else {
        last.release();
      }
      filters.responseTrailers(trailers);
      facts.trailers(trailers);
      sink.writeTrailers(trailers);
      responseEnded();
    }
  }

  @Override
  public void flushResponse() {
    sink.flush();
  }

  private void responseEnded() {
    sink.flush();
    facts.responseEnded(System.nanoTime());
    if (!sink.requestComplete()) {
      giveUpRequest();
    }
    end();
  }

  /// The response is complete before the request: what is left of the request is not wanted.
  private void giveUpRequest() {
    manager.stats().resetReceived.increment();
    boolean connectFailed = connect && (record.has(ResponseFlag.UF) || record.has(ResponseFlag.UC));
    sink.reset((connectFailed ? Http2Error.CONNECT_ERROR : Http2Error.NO_ERROR).code());
  }

  @Override
  public void abort(String details) {
    if (over) {
      return;
    }
    facts.replaceDetails(details);
    manager.stats().counter("downstream_rq_tx_reset").increment();
    manager.stats().resetReceived.increment(); // as Envoy counts it
    boolean connectFailed =
        connect
            && (record.has(ResponseFlag.UF)
                || record.has(ResponseFlag.UC)
                || record.has(ResponseFlag.UR));
    boolean malformed = record.has(ResponseFlag.UPE);
    var code =
        connectFailed
            ? Http2Error.CONNECT_ERROR
            : malformed ? Http2Error.PROTOCOL_ERROR : Http2Error.INTERNAL_ERROR;
    sink.reset(code.code());
    if (home.protocol() == HttpProtocol.HTTP1) {
      home.closeAfterStreams();
    }
    end();
  }

  @Override
  public boolean responseStarted() {
    return responseStarted;
  }

  @Override
  public boolean clientWritable() {
    return sink.isWritable();
  }

  @Override
  public void readClient(boolean wanted) {
    if (!over && paused == wanted) {
      paused = !wanted;
      var kind = wanted ? "resumed" : "paused";
      manager.stats().counter("downstream_flow_control_" + kind + "_reading_total").increment();
      sink.read(wanted);
    }
  }

  @Override
  public void touch() {
    deadlines.touch(home.worker().now());
  }

  // Its end.

  /// Whether nothing can be done for it any more.
  boolean isOver() {
    return over;
  }

  private void end() {
    close();
    home.onStreamOver(this, sink);
  }

  private void close() {
    over = true;
    home.worker().timers().disarm(this);
    filters.destroy();
    if (upgraded) {
      manager.stats().gauge("downstream_cx_upgrades_active").decrement();
    }
    manager.stats().requestTime.record(record.durationNanos() / 1_000_000);
    record.close();
  }

  private void arm() {
    home.worker().timers().arm(this, deadlines.next());
  }

  @Override
  protected void fire() {
    long now = home.worker().now();
    switch (deadlines.due(now)) {
      case NONE -> {}
      case IDLE -> {
        manager.stats().counter("downstream_rq_idle_timeout").increment();
        record.flag(ResponseFlag.SI);
        timedOut("stream timeout", "stream_idle_timeout");
      }
      case REQUEST -> {
        manager.stats().counter("downstream_rq_timeout").increment();
        reply(LocalReply.of(408, "request timeout", "request_overall_timeout"));
      }
      case STREAM -> {
        manager.stats().counter("downstream_rq_max_duration_reached").increment();
        reply(
            LocalReply.of(
                    sink.requestComplete() ? 504 : 408,
                    "downstream duration timeout",
                    "max_duration_timeout")
                .withGrpcStatus(DEADLINE_EXCEEDED));
      }
    }
    if (!over) {
      arm();
    }
  }

  private void timedOut(String body, String details) {
    reply(LocalReply.of(sink.requestComplete() ? 504 : 408, body, details));
  }
}
