package dev.weir.http;

import dev.weir.config.HttpProtocol;
import dev.weir.http.codec.InvalidRequest;
import dev.weir.http.codec.ReasonPhrases;
import dev.weir.http.codec.RequestListener;
import dev.weir.http.codec.ServerStream;
import dev.weir.http.filter.HttpFilter;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.filter.RedirectTrail;
import dev.weir.telemetry.ResponseFlag;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request, from its first byte to the last of its response. Its connection's worker only.
final class HttpStream extends RoutedRequest implements RequestListener {
  private static final AsciiString HEAD = AsciiString.cached("HEAD");

  private final ServerStream sink;
  private final FilterRun filters = new FilterRun(this);
  private final ClientResponse response;
  private final StreamDeadlines deadlines;
  private @Nullable PacedResponse paced;
  private RequestKind kind = RequestKind.PLAIN;
  private boolean requestEnded;
  private boolean paused;
  private boolean over;

  HttpStream(HttpConnection home, ServerStream sink) {
    this(home, sink, new RedirectTrail());
  }

  private HttpStream(HttpConnection home, ServerStream sink, RedirectTrail redirects) {
    super(home, redirects);
    this.sink = sink;
    this.response = new ClientResponse(home, sink, record, facts);
    this.deadlines = new StreamDeadlines(this, sink, manager, home.worker());
    deadlines.start();
  }

  // What comes from the client.

  @Override
  public void onHeaders(Http2Headers headers, boolean end) {
    head(headers);
    if (end) {
      endRequest();
    }
    kind = RequestKind.of(headers);
    response.client(headers);
    var refusal = manager.entry().check(headers, connection().info(), manager.stats());
    if (refusal != null) {
      reply(refusal);
      return;
    }
    response.expectContinue(headers);
    boolean upgrade = kind == RequestKind.UPGRADE;
    var client =
        manager.entry().enter(headers, connection(), record, upgrade, routes.internalOnlyHeaders());
    record.remoteAddress(client.address());
    noteId();
    findRoute(client.internal());
  }

  private void findRoute(boolean internal) {
    var redirect = routes.find(request, internal);
    logStart();
    if (redirect != null) {
      reply(redirect);
      return;
    }
    var route = routes.route();
    deadlines.route(route, request);
    deadlines.start();
    var upgrade = kind.upgradeType(request);
    if (upgrade != null && refusesUpgrade(upgrade)) {
      reply(LocalReply.of(403, "", "upgrade_failed"));
      return;
    }
    filters.filters(manager.filters().create(this, upgrade));
    filters.headers(request, requestEnded);
    if (!over && requestEnded) {
      filters.readComplete();
    }
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
      if (paced == null || !paced.isFull()) {
        filters.clientWritable(writable);
      }
    }
  }

  @Override
  public void onReset(boolean byClient) {
    if (!over) {
      noteReset();
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
    if (home.protocol() == HttpProtocol.HTTP2) {
      facts.details(why.details());
      return;
    }
    home.closeAfterStreams();
    var body = timedOut ? "request header timeout" : ReasonPhrases.of(why.status());
    reply(LocalReply.of(why.status(), body, why.details()));
  }

  /// The connection has ended.
  void onConnectionGone(boolean remote) {
    if (!over) {
      noteGone(remote);
      end();
    }
  }

  // What filters may do.

  @Override
  public boolean requestEnded() {
    return requestEnded;
  }

  @Override
  public void clearRoute() {
    routes.findAgain(request);
    deadlines.route(routes.route(), request);
  }

  @Override
  public List<HttpFilter> filters() {
    return filters.filters();
  }

  @Override
  public void restart(List<ByteBuf> body, @Nullable Http2Headers trailers) {
    facts.replaceDetails("internal_redirect");
    var next = new HttpStream(home, sink, redirects());
    next.record.addReceived(record.bytesReceived());
    close();
    home.replace(this, next);
    sink.listener(next);
    next.takeOver(this, body, trailers);
  }

  /// Begins with the head of another one, which was found to be good.
  private void takeOver(HttpStream before, List<ByteBuf> body, @Nullable Http2Headers trailers) {
    inherit(before);
    response.takeOver(before.response);
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
    if (response.isStarted()) {
      abort(reply.details());
      return;
    }
    response.local(reply.status());
    facts.details(reply.details());
    routes.nameCluster();
    var answer = manager.replies().make(routes.edited(reply), request, record, facts);
    boolean empty = !answer.body().isReadable() || HEAD.contentEquals(request.method());
    respond(answer.headers(), empty);
    if (empty) {
      answer.body().release();
    } else {
      respondData(answer.body(), true);
    }
    flushResponse();
  }

  @Override
  public void respondInformational(Http2Headers headers) {
    if (manager.config().requests().host().continue100()) {
      response.informational(headers); // the client has had ours otherwise
    }
  }

  @Override
  public void respond(Http2Headers headers, boolean end) {
    if (over) {
      return;
    }
    touch();
    response.begin();
    int status = Integer.parseInt(String.valueOf(headers.status()));
    filters.responseHeaders(headers, end);
    facts.response(headers, status);
    boolean granted = kind.isGranted(status);
    response.head(
        headers, status, granted ? kind : RequestKind.PLAIN, request.get(Names.REQUEST_ID));
    if (granted) {
      deadlines.tunnel();
      logTunnel();
    }
    response.write(headers, end);
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
    var filtered = filters.responseData(data, end);
    if (paced != null) {
      paced.add(filtered, end);
      return;
    }
    writeData(filtered, end);
  }

  /// Sends what has passed the filters.
  ///
  /// @param data is owned by the client's side from here
  void writeData(ByteBuf data, boolean end) {
    response.write(data, end);
    if (end) {
      responseEnded();
    }
  }

  @Override
  public void paceResponse(long bytesPerSecond) {
    paced = new PacedResponse(this, bytesPerSecond);
  }

  /// Slows the upstream down, or has it go on, for what is held back here.
  void pacedFull(boolean full) {
    filters.clientWritable(!full && sink.isWritable());
  }

  @Override
  public void respondTrailers(Http2Headers trailers) {
    if (!over) {
      touch();
      var last = filters.responseData(Unpooled.EMPTY_BUFFER, true);
      filters.responseTrailers(trailers);
      if (paced != null) {
        paced.add(last, trailers);
        return;
      }
      if (last.isReadable()) {
        response.write(last, false);
      } else {
        last.release();
      }
      writeTrailers(trailers);
    }
  }

  /// Sends what has passed the filters.
  void writeTrailers(Http2Headers trailers) {
    response.writeTrailers(trailers);
    responseEnded();
  }

  @Override
  public void flushResponse() {
    sink.flush();
  }

  private void responseEnded() {
    response.ended(kind);
    end();
  }

  @Override
  public void abort(String details) {
    if (!over) {
      response.abort(details, kind);
      end();
    }
  }

  @Override
  public boolean responseStarted() {
    return response.isStarted();
  }

  @Override
  public boolean clientWritable() {
    return sink.isWritable() && (paced == null || !paced.isFull());
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
    deadlines.touch();
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
    deadlines.stop();
    if (paced != null) {
      paced.discard();
    }
    filters.destroy();
    closeRecord();
  }
}
