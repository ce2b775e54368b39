package dev.weir.upstream.connect;

import dev.weir.transport.TimerWheel;
import dev.weir.upstream.ClusterStats.Count;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// A connection of a pool until somebody uses it: connecting; ready. It is itself the timer for
/// both, the connect timeout and the idle timeout. Its worker only.
final class PreparedConnection extends TimerWheel.Node implements UpstreamConnection.Owner {
  private final TcpPool pool;
  private final UpstreamConnection connection;
  private @Nullable Watch watch;

  PreparedConnection(TcpPool pool) {
    this.pool = pool;
    this.connection =
        new UpstreamConnection(pool.cluster(), pool.key().host(), pool.home().worker(), this);
  }

  /// Begins the attempt. It may fail before this returns.
  void connect() {
    arm(connection.timeoutMillis());
    connection.connect(pool.key().asked());
  }

  private void arm(long millis) {
    var worker = pool.home().worker();
    worker.timers().arm(this, worker.now() + millis);
  }

  @Override
  public void onConnected() {
    disarm();
    pool.onReady(this);
  }

  private void disarm() {
    pool.home().worker().timers().disarm(this);
  }

  @Override
  public void onConnectFailed(@Nullable String reason) {
    disarm();
    pool.onFailed(this, upstream -> upstream.onConnectFailed(reason));
  }

  @Override
  public void onNotBound(String reason) {
    disarm();
    pool.onFailed(this, upstream -> upstream.onNotBound(reason));
  }

  /// Waits for somebody who wants it. What the host sends meanwhile stays in the kernel.
  void rest() {
    var idle = pool.home().config().idleTimeout();
    if (!idle.isZero()) {
      arm(Math.max(1, idle.toMillis()));
    }
    watch = new Watch();
    connection.channel().pipeline().addLast(watch);
    if (!connection.channel().isActive()) {
      closedByHost();
    }
  }

  /// Sees whether the host closes meanwhile.
  private final class Watch extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message); // read only because the connection has ended
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        closedByHost();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      closedByHost();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      closedByHost();
    }
  }

  private void closedByHost() {
    if (!connection.isClosed() && watch != null) {
      disarm();
      connection.closedByPeer();
      pool.onClosed(this);
    }
  }

  /// Somebody uses it.
  UpstreamConnection release() {
    disarm();
    if (watch != null) {
      connection.channel().pipeline().remove(watch);
      watch = null;
    }
    return connection;
  }

  /// Nobody is to use it.
  void close() {
    if (!connection.isClosed()) {
      disarm();
      connection.close();
      pool.onClosed(this);
    }
  }

  @Override
  protected void fire() {
    if (watch == null) {
      connection.timedOut();
    } else {
      pool.cluster().stats().get(Count.UPSTREAM_CX_IDLE_TIMEOUT).increment();
      close();
    }
  }

  @Override
  public boolean inUse() {
    return false;
  }

  @Override
  public void onHostLost() {
    close();
  }
}
