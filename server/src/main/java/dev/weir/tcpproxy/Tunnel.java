package dev.weir.tcpproxy;

import dev.weir.config.HttpProtocol;
import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.config.TunnelingConfig;
import dev.weir.connection.Connection;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.transport.DialOptions;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.tls.TlsSession;
import dev.weir.upstream.connect.ConnectOutcome;
import dev.weir.upstream.connect.UpstreamConnector.Target;
import dev.weir.upstream.http.PendingStream;
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.StreamListener;
import dev.weir.upstream.http.StreamOutcome;
import dev.weir.upstream.http.StreamRequest;
import dev.weir.upstream.http.StreamWaiter;
import dev.weir.upstream.http.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// An attempt to have a host open a tunnel: asks for a stream, sends CONNECT or POST, and waits for
/// a 2xx. The connection's worker only.
final class Tunnel implements Attempt, StreamWaiter, StreamListener {

  /// Who wants the tunnel.
  interface Waiter {
    /// The host has agreed. Called once, unless the attempt failed or was cancelled.
    void onTunnel(UpstreamStream stream);

    /// It came to nothing.
    void onOutcome(ConnectOutcome failure);
  }

  private final TunnelingConfig config;
  private final TunnelRequest request;
  private final Connection downstream;
  private final Target target;
  private final DialOptions asked;
  private final Waiter waiter;
  private @Nullable PendingStream pending;
  private @Nullable UpstreamStream stream;
  private boolean done;

  /// @param asked what is asked of the transport
  Tunnel(
      TcpProxy.Tunneling tunneling,
      Connection downstream,
      Target target,
      DialOptions asked,
      Waiter waiter) {
    this.config = tunneling.config();
    this.request = tunneling.request();
    this.downstream = downstream;
    this.target = target;
    this.asked = asked;
    this.waiter = waiter;
  }

  @Override
  public void begin() {
    downstream.record().upstream().attempt(target.host().facts());
    var pools = target.serving().http();
    pending = pools.newStream(downstream.worker(), target.host(), wanted(), this);
  }

  /// A client without a protocol of its own has the better of those that the host may speak.
  private StreamRequest wanted() {
    var tells = target.serving().transport(target.host()).introduces();
    var introduction = tells ? asked.introduction() : null;
    return new StreamRequest(
        HttpProtocol.HTTP2,
        "",
        false,
        asked.offer().instead(),
        introduction == null ? null : introduction.get());
  }

  @Override
  public long timeoutMillis() {
    var timeout = target.serving().config().http().tunnelTimeout();
    return timeout.isZero() ? TimerWheel.NEVER : Math.max(1, timeout.toMillis());
  }

  @Override
  public void onOutcome(StreamOutcome outcome) {
    switch (outcome) {
      case StreamOutcome.Ready(var ready) -> ask(ready);
      case StreamOutcome.Failed(_, var detail) -> fail(detail);
      case StreamOutcome.Overflow _ -> {
        downstream.record().upstream().attemptCancelled();
        done = true;
        waiter.onOutcome(new ConnectOutcome.PendingOverflow(target.cluster()));
      }
    }
  }

  private void ask(UpstreamStream ready) {
    stream = ready;
    ready.listener(this);
    boolean tls = TlsSession.of(ready.connection().channel()) != null;
    ready.sendHeaders(request.head(downstream.record(), tls), false);
    ready.flush();
  }

  @Override
  public void onHeaders(Http2Headers headers, boolean end) {
    if (config.propagateHeaders()) {
      downstream.filterState().set(StateFactory.TUNNEL_HEADERS, kept(headers));
    }
    var status = String.valueOf(headers.status());
    var opened = stream;
    if (status.length() == 3 && status.startsWith("2") && !end && opened != null) {
      done = true;
      target.host().monitor().connected();
      waiter.onTunnel(opened);
    } else {
      target.host().monitor().connectFailed();
      reset();
      fail("tunnel_response:" + status);
    }
  }

  /// Headers as a filter state object.
  static StateValue kept(Http2Headers headers) {
    var all = new ArrayList<StateValue.Header>(headers.size());
    for (var header : headers) {
      all.add(new StateValue.Header(header.getKey().toString(), header.getValue().toString()));
    }
    return new StateValue.Headers(all);
  }

  private void reset() {
    if (stream != null) {
      stream.reset(ResetReason.LOCAL_RESET);
    }
  }

  private void fail(@Nullable String reason) {
    if (!done) {
      done = true;
      waiter.onOutcome(new ConnectOutcome.Failed(target.cluster(), reason));
    }
  }

  @Override
  public void onReset(ResetReason reason) {
    if (!done) {
      target.host().monitor().connectFailed();
    }
    fail(null);
  }

  @Override
  public void timedOut() {
    giveUp();
    fail("tunnel_timeout");
  }

  @Override
  public void cancel(ConnectionRecord record) {
    done = true;
    if (stream == null) {
      record.upstream().attemptCancelled();
    } else {
      record.flag(ResponseFlag.UF); // as on Envoy: the host was there, and did not agree
    }
    giveUp();
  }

  private void giveUp() {
    if (pending != null) {
      pending.cancel();
    }
    reset();
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    data.release(); // of an answer that is none
  }

  @Override
  public void onTrailers(Http2Headers trailers) {}
}
