package dev.weir.http;

import dev.weir.config.HttpProtocol;
import dev.weir.http.codec.ServerStream;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.ResponseFlag;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The response to a request, on its way from the filters to the client. Its connection's worker
/// only.
final class ClientResponse {
  private final HttpConnection home;
  private final HttpConnectionManager manager;
  private final ServerStream sink;
  private final ConnectionRecord record;
  private final RequestFacts facts;
  private boolean keepAlive;
  private boolean started;

  ClientResponse(
      HttpConnection home, ServerStream sink, ConnectionRecord record, RequestFacts facts) {
    this.home = home;
    this.manager = home.manager();
    this.sink = sink;
    this.record = record;
    this.facts = facts;
  }

  private boolean isHttp1() {
    return home.protocol() == HttpProtocol.HTTP1;
  }

  /// Whether it has begun.
  boolean isStarted() {
    return started;
  }

  /// Notes what the client wishes to become of its connection.
  void client(Http2Headers request) {
    var wish = request.get(Names.CONNECTION);
    if (sink.isHttp10()) {
      facts.http10();
      if (wish != null && wish.toString().equalsIgnoreCase("keep-alive")) {
        keepAlive = true;
      } else {
        home.closeAfterStreams();
      }
    }
    if (isHttp1() && wish != null && wish.toString().toLowerCase(Locale.ROOT).contains("close")) {
      home.closeAfterStreams();
    }
  }

  /// Takes the place of another one, which has not begun.
  void takeOver(ClientResponse before) {
    keepAlive = before.keepAlive;
  }

  /// Sends the body of a request on, if the client waits for that word.
  void expectContinue(Http2Headers request) {
    boolean ours = !manager.config().requests().host().continue100();
    var expect = request.get(Names.EXPECT);
    if (ours && expect != null && expect.toString().equalsIgnoreCase("100-continue")) {
      request.remove(Names.EXPECT);
      informational(new DefaultHttp2Headers(false).status("100"));
    }
  }

  void informational(Http2Headers headers) {
    manager.stats().responded(100);
    sink.writeInformational(headers);
    sink.flush();
  }

  /// Our own answer is to be sent, with that status.
  void local(int status) {
    boolean bad = status == 400 && isHttp1();
    if (bad && !manager.config().protocols().http1().streamErrorOnInvalidMessage()) {
      home.closeAfterStreams(); // who asks like that may ask for worse
    }
  }

  /// From here on, nothing else may be answered.
  void begin() {
    started = true;
  }

  /// Gives the head what every response of ours has.
  ///
  /// @param granted what the client asked for, if it has got it: a tunnel or another protocol
  /// @param id of the request
  void head(Http2Headers headers, int status, RequestKind granted, @Nullable CharSequence id) {
    manager.responses().apply(headers, granted == RequestKind.UPGRADE);
    if (manager.entry().ids().setInResponse() && id != null) {
      headers.set(Names.REQUEST_ID, id);
    }
    manager.responses().via(headers);
    if (!sink.requestComplete()) {
      manager.stats().earlyResponses.increment();
      if (isHttp1()) {
        home.closeAfterStreams();
      }
    }
    lifeOfConnection(headers, granted != RequestKind.PLAIN);
    if (!facts.isHealthCheck()) {
      manager.stats().responded(status);
    }
    facts.responseSent(headers);
  }

  /// Says whether the connection goes on.
  private void lifeOfConnection(Http2Headers headers, boolean tunnel) {
    home.endIfAsked();
    if (home.isEnding() && isHttp1() && !tunnel) {
      headers.set(Names.CONNECTION, "close");
      home.closeAfterStreams();
    }
    if (keepAlive && !home.isEnding()) {
      headers.set(Names.CONNECTION, "keep-alive");
    }
  }

  void write(Http2Headers headers, boolean end) {
    facts.clientBegan(System.nanoTime());
    sink.writeHeaders(headers, end);
  }

  /// @param data is owned by the client's side from here
  void write(ByteBuf data, boolean end) {
    record.addSent(data.readableBytes());
    sink.writeData(data, end);
  }

  void writeTrailers(Http2Headers trailers) {
    facts.trailers(trailers);
    sink.writeTrailers(trailers);
  }

  /// It is complete. If the request is not, what is left of that is not wanted.
  void ended(RequestKind kind) {
    sink.flush();
    facts.responseEnded(System.nanoTime());
    if (!sink.requestComplete()) {
      manager.stats().resetReceived.increment();
      sink.reset((connectFailed(kind) ? Http2Error.CONNECT_ERROR : Http2Error.NO_ERROR).code());
    }
  }

  private boolean connectFailed(RequestKind kind) {
    return kind != RequestKind.PLAIN
        && (record.has(ResponseFlag.UF) || record.has(ResponseFlag.UC));
  }

  /// Breaks it off.
  void abort(String details, RequestKind kind) {
    facts.replaceDetails(details);
    manager.stats().counter("downstream_rq_tx_reset").increment();
    manager.stats().resetReceived.increment(); // as Envoy counts it
    boolean broken = kind != RequestKind.PLAIN && record.has(ResponseFlag.UR);
    var code =
        broken || connectFailed(kind)
            ? Http2Error.CONNECT_ERROR
            : record.has(ResponseFlag.UPE) ? Http2Error.PROTOCOL_ERROR : Http2Error.INTERNAL_ERROR;
    sink.reset(code.code());
    if (isHttp1()) {
      home.closeAfterStreams();
    }
  }
}
