package dev.weir.upstream.connect;

import dev.weir.transport.DialOptions;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.connect.UpstreamConnector.Target;
import dev.weir.upstream.host.Host;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// A connection to a host for one downstream connection alone, which is its one request. Its worker
/// only.
public final class TcpUpstream implements UpstreamConnection.Owner {

  /// Who wants the connection.
  public interface Waiter {
    /// The host is being connected to: the connect timeout begins. Before, others were in the way.
    default void onDial() {}

    /// The attempt has ended; called once, unless the connection was closed before.
    void onOutcome(ConnectOutcome outcome);

    /// The host is lost, and the connection to it is to be closed. Unless the waiter has a way of
    /// its own, it comes to know of it as if the host had closed.
    default void onHostLost(TcpUpstream upstream) {
      upstream.channel().close();
    }
  }

  private final Cluster wanted;
  private final Cluster cluster;
  private final UpstreamConnection connection;
  private final RequestAccount account;
  private final Waiter waiter;
  private final Worker worker;

  /// Makes another attempt to dial; null unless it waits for its turn.
  private @Nullable Runnable turn;

  /// Takes the places at the circuit breaker that have been granted.
  TcpUpstream(Target target, Worker worker, Waiter waiter) {
    this.wanted = target.cluster();
    this.cluster = target.serving();
    this.connection = new UpstreamConnection(cluster, target.host(), worker, this);
    this.account = new RequestAccount(cluster, target.host());
    this.waiter = waiter;
    this.worker = worker;
  }

  /// Begins the attempt. It may fail before this returns.
  ///
  /// @param asked what is asked of the transport
  public void connect(DialOptions asked) {
    account.waiting();
    dialOrWait(asked);
  }

  /// A host that has as many connections as it may is waited for until one of them is gone, but for
  /// one connection that each worker may always have.
  private void dialOrWait(DialOptions asked) {
    var present = connection.host().connections();
    boolean allowed = cluster.breaker().allowsConnectionTo(connection.host());
    if (!allowed) {
      cluster.stats().get(Count.UPSTREAM_CX_OVERFLOW).increment();
    }
    if (!allowed && !present.isEmpty(worker)) {
      Runnable again = () -> dialOrWait(asked);
      turn = again;
      present.await(worker, again);
    } else {
      turn = null;
      waiter.onDial();
      connection.connect(asked);
    }
  }

  /// Where it goes.
  public Host host() {
    return connection.host();
  }

  @Override
  public void onConnected() {
    account.attached();
    connection.host().monitor().connected();
    waiter.onOutcome(new ConnectOutcome.Connected(this));
  }

  @Override
  public void onConnectFailed(@Nullable String reason) {
    account.ejected();
    waiter.onOutcome(new ConnectOutcome.Failed(wanted, reason));
  }

  @Override
  public void onNotBound(String reason) {
    account.ejected();
    waiter.onOutcome(new ConnectOutcome.NotBound(cluster, reason));
  }

  @Override
  public boolean inUse() {
    return account.isActive();
  }

  @Override
  public void onHostLost() {
    waiter.onHostLost(this);
  }

  /// The connect timeout is over.
  public void timedOut() {
    if (leftQueue()) {
      onConnectFailed(null);
    } else {
      connection.timedOut();
    }
  }

  private boolean leftQueue() {
    var mine = turn;
    if (mine == null) {
      return false;
    }
    turn = null;
    connection.host().connections().forget(worker, mine);
    return true;
  }

  /// The upstream has closed, and with that the connection is over.
  public void closedByPeer() {
    connection.closedByPeer();
    account.end();
  }

  /// The upstream has closed after our own FIN: the request is over, and with it the connection.
  public void finishedByPeer() {
    account.end();
    connection.closedByPeer();
  }

  /// We close with a FIN; an attempt that is under way is given up.
  public void close() {
    end(false);
  }

  /// We close with a RST.
  public void reset() {
    end(true);
  }

  private void end(boolean reset) {
    if (!leftQueue()) {
      if (reset) {
        connection.reset();
      } else {
        connection.close();
      }
    }
    account.end();
  }

  /// Whether it is over, or has failed.
  public boolean isClosed() {
    return connection.isClosed();
  }

  /// The connection itself.
  public UpstreamConnection connection() {
    return connection;
  }

  /// How long more than its buffer's limit may wait to be written to it; zero for ever.
  public long highWatermarkMillis() {
    return cluster.config().upstream().highWatermarkTimeout().toMillis();
  }

  /// A number that no other connection has.
  public long id() {
    return connection.id();
  }

  /// How long the attempt may take.
  public long timeoutMillis() {
    return connection.timeoutMillis();
  }

  /// What the cluster counts.
  public ClusterStats stats() {
    return cluster.stats();
  }

  /// The channel to the host.
  ///
  /// @throws IllegalStateException if there never was one
  public Channel channel() {
    return connection.channel();
  }
}
