package dev.weir.http;

import dev.weir.config.HttpProtocol;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.Terminal;
import dev.weir.http.codec.CodecOwner;
import dev.weir.http.codec.InvalidRequest;
import dev.weir.http.codec.RequestListener;
import dev.weir.http.codec.ServerCodec;
import dev.weir.http.codec.ServerStream;
import dev.weir.telemetry.CloseType;
import dev.weir.transport.Worker;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A downstream connection that speaks HTTP, from its hand-over to its end. Its worker only.
///
/// It ends in two steps: it is announced (GOAWAY, `connection: close`), and once no request is left
/// and all is written, the client has a while to hang up first.
final class HttpConnection implements Terminal, CodecOwner {
  private static final InvalidRequest HEADERS_TIMEOUT =
      new InvalidRequest(408, "request_header_timeout");

  private final HttpConnectionManager manager;
  private final Connection connection;
  private final Set<HttpStream> streams = new LinkedHashSet<>(2);
  private final PrematureResets resets = new PrematureResets();
  private final ConnectionDeadlines deadlines;
  private @Nullable ServerCodec codec;
  private Drain drain = Drain.NONE;
  private boolean hangingUp;
  private long unsentBefore = Long.MAX_VALUE;
  private boolean cutOff;
  private boolean remote;
  private int requests;

  /// How far the end has come.
  private enum Drain {
    NONE,
    /// The client knows; what crosses that word is still served.
    ANNOUNCED,
    /// The requests that are under way are the last.
    CLOSING
  }

  HttpConnection(HttpConnectionManager manager, Connection connection) {
    this.manager = manager;
    this.connection = connection;
    this.deadlines = new ConnectionDeadlines(this, manager.config().timing(), connection.worker());
  }

  void start() {
    var stats = manager.stats();
    stats.connections.increment();
    stats.connectionsActive.increment();
    if (connection.info().tls() != null) {
      stats.counter("downstream_cx_ssl_total").increment();
      stats.gauge("downstream_cx_ssl_active").increment();
    }
    new ProtocolChoice(manager, connection, this, chosen -> codec = chosen).make();
    connection.channel().config().setAutoRead(true);
    deadlines.arm();
  }

  HttpConnectionManager manager() {
    return manager;
  }

  Connection connection() {
    return connection;
  }

  Worker worker() {
    return connection.worker();
  }

  /// What is spoken.
  HttpProtocol protocol() {
    return codec == null ? HttpProtocol.HTTP1 : codec.protocol();
  }

  @Override
  public RequestListener onStream(ServerStream stream) {
    var stats = manager.stats();
    stats.requests.increment();
    stats.requestsActive.increment();
    (protocol() == HttpProtocol.HTTP1 ? stats.http1Requests : stats.http2Requests).increment();
    var request = new HttpStream(this, stream);
    streams.add(request);
    int max = manager.config().protocols().limits().requestsPerConnection();
    if (max > 0 && ++requests >= max && drain == Drain.NONE) {
      stats.counter("downstream_cx_max_requests_reached").increment();
      if (protocol() == HttpProtocol.HTTP1) {
        drain = Drain.CLOSING;
      } else {
        announceEnd();
      }
    }
    return request;
  }

  /// A request goes on as another one.
  void replace(HttpStream before, HttpStream next) {
    streams.remove(before);
    streams.add(next);
  }

  /// A request is over, and its response written.
  void onStreamOver(HttpStream stream, ServerStream sink) {
    if (!streams.remove(stream)) {
      return;
    }
    manager.stats().requestsActive.decrement();
    resets.onStreamOver();
    if (streams.isEmpty() && drain == Drain.CLOSING) {
      hangUp(); // before the next request, which may wait already, is taken
    }
    sink.done();
    if (streams.isEmpty()) {
      deadlines.idle();
      if (!hangingUp) {
        deadlines.arm();
      }
    }
  }

  /// The client has reset a request.
  ///
  /// @param status what it was answered; 0 if nothing
  void onReset(int status, long nanos) {
    if (resets.onReset(status, nanos) && !connection.isClosed()) {
      manager.stats().counter("downstream_rq_too_many_premature_resets").increment();
      connection.record().terminationDetails("too_many_premature_resets");
      connection.reset(CloseReason.PEER);
    }
  }

  /// Whether the next HTTP/1 response says that the connection ends.
  boolean isEnding() {
    return drain != Drain.NONE;
  }

  /// The connection ends with the requests that it has.
  void closeAfterStreams() {
    drain = Drain.CLOSING;
  }

  /// Announces the end; the connection goes on for a while.
  void announceEnd() {
    if (drain == Drain.NONE) {
      drain = Drain.ANNOUNCED;
      if (codec != null) {
        codec.noticeShutdown();
      }
      deadlines.draining();
    }
  }

  @Override
  public void onDrain() {
    if (drain == Drain.NONE) {
      manager.stats().counter("downstream_cx_drain_close").increment();
      announceEnd();
    }
  }

  /// Ends with the requests that it has, if its listener drains, or the server's health checks fail
  /// on purpose.
  void endIfAsked() {
    if (drain == Drain.NONE && connection.drainsNow()) {
      onDrain();
    }
  }

  /// Requests go on; further ones are to find the new configuration. An idle HTTP/1 client is told
  /// with its next response.
  @Override
  public void onReplaced() {
    if (protocol() == HttpProtocol.HTTP2) {
      onDrain();
    } else if (drain == Drain.NONE) {
      drain = Drain.CLOSING;
    }
  }

  /// What has crossed the announcement is here by now.
  void lastCall() {
    drain = Drain.CLOSING;
    if (codec != null) {
      codec.goAway();
    }
    if (streams.isEmpty()) {
      hangUp();
    }
  }

  /// All is said: closes once it is written and the client had its time to hang up.
  private void hangUp() {
    if (hangingUp || connection.isClosed()) {
      return;
    }
    hangingUp = true;
    if (codec != null) {
      codec.stopReading();
    }
    deadlines.hangingUp();
    connection
        .channel()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(_ -> {
          if (!deadlines.hangingUp()) {
            connection.close(CloseReason.PEER);
          }
        });
  }

  /// The client has had its time to hang up, unless it is still taking what we have for it.
  void onHangUpTimeout() {
    var waiting = connection.channel().unsafe().outboundBuffer();
    long unsent = waiting == null ? 0 : waiting.totalPendingWriteBytes();
    if (unsent > 0 && unsent < unsentBefore) {
      unsentBefore = unsent;
      deadlines.hangingUp();
      return;
    }
    manager.stats().counter("downstream_cx_delayed_close_timeout").increment();
    connection.close(CloseReason.PEER);
  }

  @Override
  public void onProtocolError(String details) {
    manager.stats().protocolErrors.increment();
    if (protocol() == HttpProtocol.HTTP2) {
      connection.record().terminationDetails(details);
      endStreams();
      hangUp();
    }
  }

  @Override
  public void onCutOff(String details) {
    connection.record().terminationDetails(details);
    connection.close(CloseReason.PEER);
  }

  @Override
  public void onRemoteClose(boolean reset) {
    remote = true;
    if (reset) {
      connection.record().closeType(CloseType.REMOTE_RESET);
      connection.reset(CloseReason.PEER);
    } else {
      connection.close(CloseReason.PEER);
    }
  }

  @Override
  public void onBytesRead(int bytes) {
    manager.stats().received.add(bytes);
    connection.record().addReceived(bytes);
    connection.touch();
    if (streams.isEmpty()) {
      deadlines.idle();
      if (manager.config().timing().requestHeaders().isPositive()) {
        worker().execute(deadlines::arm);
      }
    }
  }

  @Override
  public void onBuffered(int change) {
    manager.stats().receivedBuffered.add(change);
  }

  @Override
  public void onBytesWritten(int bytes) {
    manager.stats().sent.add(bytes);
    connection.record().addSent(bytes);
    connection.touch();
  }

  @Override
  public void onClose(CloseReason reason, boolean reset) {
    deadlines.stop();
    endStreams();
    var stats = manager.stats();
    count(stats);
    if (connection.info().tls() != null) {
      stats.gauge("downstream_cx_ssl_active").decrement();
    }
    stats.connectionsActive.decrement();
    stats.connectionTime.record(deadlines.age());
    if (codec != null) {
      (codec.protocol() == HttpProtocol.HTTP1 ? stats.http1Active : stats.http2Active).decrement();
    }
  }

  /// Whatever is under way ends here.
  private void endStreams() {
    if (!streams.isEmpty()) {
      cutOff = true;
      List.copyOf(streams).forEach(stream -> stream.onConnectionGone(remote));
      manager.stats().requestsActive.add(-streams.size());
      streams.clear();
    }
  }

  private void count(HttpStats stats) {
    stats.destroyed.increment();
    (remote ? stats.destroyedRemote : stats.destroyedLocal).increment();
    if (cutOff) {
      stats.destroyedActive.increment();
      (remote ? stats.destroyedRemoteActive : stats.destroyedLocalActive).increment();
    }
  }

  boolean isClosed() {
    return connection.isClosed();
  }

  /// Whether nothing is under way, the end included.
  boolean isIdle() {
    return streams.isEmpty() && !hangingUp;
  }

  /// Since when a request's head has been coming; [Long#MAX_VALUE] if none is.
  long headersSince() {
    return codec == null ? Long.MAX_VALUE : codec.headersSince();
  }

  void onHeadersTimeout() {
    manager.stats().counter("downstream_rq_header_timeout").increment();
    if (codec != null) {
      codec.abandonHeaders(HEADERS_TIMEOUT);
    }
  }

  /// Time is up for the connection.
  void expire(String counter) {
    manager.stats().counter(counter).increment();
    if (codec == null) {
      connection.close(CloseReason.IDLE);
    } else {
      announceEnd();
    }
  }
}
