package dev.weir.listener;

import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.transport.Sockets;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.TransportFailure;
import dev.weir.transport.tls.TlsFacts;
import dev.weir.transport.tls.TlsSession;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;

/// The handshake of one connection with its filter chain's transport, within the time it has; after
/// it come the filters. It is itself the timer. Its worker only.
final class DownstreamHandshake extends TimerWheel.Node implements ChannelFutureListener {
  private final Connection connection;
  private final ListenerStats stats;

  DownstreamHandshake(Connection connection, ListenerStats stats) {
    this.connection = connection;
    this.stats = stats;
  }

  void start() {
    var worker = connection.worker();
    long millis = connection.chain().config().transportConnectTimeout().toMillis();
    if (millis > 0) {
      worker.timers().arm(this, worker.now() + millis);
    }
    var channel = connection.channel();
    connection.chain().transport().accept(channel, channel.newPromise().addListener(this));
  }

  @Override
  protected void fire() {
    stats.handshakeTimeouts.increment();
    connection.close(CloseReason.HANDSHAKE_TIMEOUT);
  }

  @Override
  public void operationComplete(ChannelFuture ready) {
    connection.worker().timers().disarm(this);
    if (connection.isClosed()) {
      return;
    }
    var session = TlsSession.of(connection.channel());
    if (session != null) {
      connection.info().tls(session);
      connection.record().tls(new TlsFacts(session));
    }
    var failure = ready.cause();
    if (failure == null) {
      connection.record().handshakeDone();
      ListenerShard.run(connection.chain().filters(), 0, connection);
    } else if (Sockets.isReset(failure)) {
      connection.reset(CloseReason.PEER);
    } else {
      if (failure instanceof TransportFailure transport) {
        connection.record().transportFailure(transport.reason());
      }
      connection.close(CloseReason.PEER);
    }
  }
}
