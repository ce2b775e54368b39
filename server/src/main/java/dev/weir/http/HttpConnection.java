package dev.weir.http;

import dev.weir.config.HttpConnectionManagerConfig.Codec;
import dev.weir.config.HttpProtocol;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.Terminal;
import dev.weir.http.codec.CodecOwner;
import dev.weir.http.codec.Http1Handler;
import dev.weir.http.codec.Http2Handler;
import dev.weir.http.codec.InvalidRequest;
import dev.weir.http.codec.ProtocolSniffer;
import dev.weir.http.codec.RequestListener;
import dev.weir.http.codec.ServerCodec;
import dev.weir.http.codec.ServerStream;
import dev.weir.telemetry.CloseType;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A downstream connection that speaks HTTP, from its hand-over to its end. It is itself the one
/// timer that the connection has; each request has another. Its worker only.
///
/// It ends in two steps: it is announced (GOAWAY, `connection: close`), and once no request is left
/// and all is written, the client has a while to hang up first.
final class HttpConnection extends TimerWheel.Node implements Terminal, CodecOwner {
  private static final InvalidRequest HEADERS_TIMEOUT =
      new InvalidRequest(408, "request_header_timeout");
  private static final long NEVER = TimerWheel.NEVER;

  private final HttpConnectionManager manager;
  private final Connection connection;
  private final Set<HttpStream> streams = new LinkedHashSet<>(2);
  private final PrematureResets resets = new PrematureResets();
  private final long start;
  private @Nullable ServerCodec codec;
  private Drain drain = Drain.NONE;
  private boolean hangingUp;
  private boolean remote;
  private long idleSince;
  private long drainUntil = NEVER;
  private long hangUpAt = NEVER;
  private long maxUntil;
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
    this.start = connection.worker().now();
    this.idleSince = start;
    this.maxUntil = after(start, manager.config().timing().connection().toMillis());
  }

  private static long after(long from, long millis) {
    return millis == 0 ? NEVER : from + millis;
  }

  void start() {
    var stats = manager.stats();
    stats.connections.increment();
    stats.connectionsActive.increment();
    if (connection.info().tls() != null) {
      stats.counter("downstream_cx_ssl_total").increment();
      stats.gauge("downstream_cx_ssl_active").increment();
    }
    var protocol = agreedProtocol();
    if (protocol == null) {
      connection.channel().pipeline().addLast(new ProtocolSniffer(this, this::speak));
    } else {
      speak(protocol);
    }
    connection.channel().config().setAutoRead(true);
    arm();
  }

  /// What is spoken for sure; null if the first bytes have to tell.
  private @Nullable HttpProtocol agreedProtocol() {
    if (manager.config().codec() == Codec.HTTP1) {
      return HttpProtocol.HTTP1;
    }
    if (manager.config().codec() == Codec.HTTP2) {
      return HttpProtocol.HTTP2;
    }
    var tls = connection.info().tls();
    return switch (tls == null ? "" : tls.applicationProtocol()) {
      case "h2" -> HttpProtocol.HTTP2;
      case "http/1.1" -> HttpProtocol.HTTP1;
      default -> null;
    };
  }

  private void speak(HttpProtocol protocol) {
    var protocols = manager.config().protocols();
    var underscores = manager.config().requests().host().underscores();
    var stats = manager.stats();
    var pipeline = connection.channel().pipeline();
    switch (protocol) {
      case HTTP1 -> {
        stats.http1Connections.increment();
        stats.http1Active.increment();
        var handler =
            new Http1Handler(
                this,
                connection.worker(),
                new Http1Handler.Options(protocols.http1(), protocols.limits(), underscores));
        codec = handler;
        pipeline.addLast(handler);
      }
      case HTTP2 -> {
        stats.http2Connections.increment();
        stats.http2Active.increment();
        var handler =
            Http2Handler.of(
                this,
                new Http2Handler.Options(
                    protocols.http2(),
                    protocols.limits(),
                    underscores,
                    manager.config().timing().streamIdle().toMillis(),
                    stats.http2(),
                    connection.worker()));
        codec = handler;
        pipeline.addLast(handler);
      }
    }
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
      idleSince = worker().now();
      if (!hangingUp && !connection.isClosed()) {
        arm();
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
      drainUntil = worker().now() + manager.config().timing().drain().toMillis();
      arm();
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

  private void lastCall() {
    drainUntil = NEVER;
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
    connection.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> onWritten());
  }

  private void onWritten() {
    long delay = manager.config().timing().delayedClose().toMillis();
    if (delay == 0) {
      connection.close(CloseReason.PEER);
    } else if (!connection.isClosed()) {
      hangUpAt = worker().now() + delay;
      arm();
    }
  }

  @Override
  public void onProtocolError(String details) {
    manager.stats().protocolErrors.increment();
    if (protocol() == HttpProtocol.HTTP2) {
      connection.record().terminationDetails(details);
    }
  }

  @Override
  public void onCutOff(String details) {
    connection.record().terminationDetails(details);
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
      idleSince = worker().now();
      if (manager.config().timing().requestHeaders().isPositive()) {
        worker().execute(this::arm);
      }
    }
  }

  @Override
  public void onBytesWritten(int bytes) {
    manager.stats().sent.add(bytes);
    connection.record().addSent(bytes);
    connection.touch();
  }

  @Override
  public void onClose(CloseReason reason, boolean reset) {
    worker().timers().disarm(this);
    boolean active = !streams.isEmpty();
    List.copyOf(streams).forEach(stream -> stream.onConnectionGone(remote));
    var stats = manager.stats();
    stats.requestsActive.add(-streams.size());
    streams.clear();
    count(stats, active);
    if (connection.info().tls() != null) {
      stats.gauge("downstream_cx_ssl_active").decrement();
    }
    stats.connectionsActive.decrement();
    stats.connectionTime.record(worker().now() - start);
    if (codec != null) {
      (codec.protocol() == HttpProtocol.HTTP1 ? stats.http1Active : stats.http2Active).decrement();
    }
  }

  private void count(HttpStats stats, boolean active) {
    stats.destroyed.increment();
    (remote ? stats.destroyedRemote : stats.destroyedLocal).increment();
    if (active) {
      stats.destroyedActive.increment();
      (remote ? stats.destroyedRemoteActive : stats.destroyedLocalActive).increment();
    }
  }

  private void arm() {
    if (!connection.isClosed()) {
      worker().timers().arm(this, nextDeadline());
    }
  }

  private long nextDeadline() {
    long next = Math.min(Math.min(hangUpAt, drainUntil), maxUntil);
    return Math.min(next, Math.min(idleUntil(), headersUntil()));
  }

  private long idleUntil() {
    long idle = manager.config().timing().connectionIdle().toMillis();
    return streams.isEmpty() && !hangingUp && drainUntil == NEVER ? after(idleSince, idle) : NEVER;
  }

  private long headersUntil() {
    long timeout = manager.config().timing().requestHeaders().toMillis();
    long since = codec == null ? NEVER : codec.headersSince();
    return timeout == 0 || since == NEVER ? NEVER : since + timeout;
  }

  @Override
  protected void fire() {
    long now = worker().now();
    if (hangUpAt <= now) {
      manager.stats().counter("downstream_cx_delayed_close_timeout").increment();
      connection.close(CloseReason.PEER);
      return;
    }
    if (drainUntil <= now) {
      lastCall();
    }
    if (maxUntil <= now) {
      maxUntil = NEVER;
      expire("downstream_cx_max_duration_reached");
    }
    if (headersUntil() <= now && codec != null) {
      manager.stats().counter("downstream_rq_header_timeout").increment();
      codec.abandonHeaders(HEADERS_TIMEOUT);
    }
    if (idleUntil() <= now) {
      expire("downstream_cx_idle_timeout");
    }
    arm();
  }

  private void expire(String counter) {
    manager.stats().counter(counter).increment();
    if (codec == null) {
      connection.close(CloseReason.IDLE);
    } else {
      announceEnd();
    }
  }
}
