package dev.weir.upstream.connect;

import dev.weir.transport.DialOptions;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.connect.UpstreamConnector.Target;
import dev.weir.upstream.host.Host;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// A connection to a host for one downstream connection alone, which is its one request. It is made
/// for it, or comes out of a pool of connections that were made ahead. Its worker only.
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
  private final Host host;
  private final RequestAccount account;
  private final Waiter waiter;
  private final Worker worker;
  private final PickRequest pick;
  private @Nullable UpstreamConnection connection;

  /// Where the connection comes from; null if it is made for this one.
  private @Nullable TcpPool pool;

  /// Makes another attempt to dial; null unless it waits for its turn.
  private @Nullable Runnable turn;

  /// Takes the places at the circuit breaker that have been granted.
  TcpUpstream(Target target, UpstreamConnector.Attempt attempt) {
    this.wanted = target.cluster();
    this.cluster = target.serving();
    this.host = target.host();
    this.account = new RequestAccount(cluster, host);
    this.waiter = attempt.waiter();
    this.worker = attempt.worker();
    this.pick = attempt.pick();
  }

  /// Begins the attempt. It may fail before this returns.
  ///
  /// @param asked what is asked of the transport
  public void connect(DialOptions asked) {
    var pools = cluster.tcp();
    pool = pools == null ? null : pools.pool(worker, host, asked, pick);
    if (pool != null) {
      pool.ask(this);
    } else {
      account.waiting();
      dialOrWait(asked, new UpstreamConnection(cluster, host, worker, this));
    }
  }

  /// A host that has as many connections as it may is waited for until one of them is gone, but for
  /// one connection that each worker may always have.
  private void dialOrWait(DialOptions asked, UpstreamConnection made) {
    connection = made;
    var present = host.connections();
    boolean allowed = cluster.breaker().allowsConnectionTo(host);
    if (!allowed) {
      cluster.stats().get(Count.UPSTREAM_CX_OVERFLOW).increment();
    }
    if (!allowed && !present.isEmpty(worker)) {
      Runnable again = () -> dialOrWait(asked, made);
      turn = again;
      present.await(worker, again);
    } else {
      turn = null;
      waiter.onDial();
      made.connect(asked);
    }
  }

  /// It has to wait for a connection of its pool.
  void await() {
    account.waiting();
  }

  /// It gives back the place that it had among those who wait.
  void unpend() {
    cluster.breaker().pendingEnded();
  }

  /// It has a connection of its pool, which stands.
  void attach(UpstreamConnection made) {
    connection = made;
    made.owner(this);
    onConnected();
  }

  /// Where it goes.
  public Host host() {
    return host;
  }

  @Override
  public void onConnected() {
    account.attached();
    host.monitor().connected();
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
      connection().timedOut();
    }
  }

  private boolean leftQueue() {
    var mine = turn;
    if (mine == null) {
      return false;
    }
    turn = null;
    host.connections().forget(worker, mine);
    return true;
  }

  /// The upstream has closed, and with that the connection is over.
  public void closedByPeer() {
    connection().closedByPeer();
    over();
  }

  private void over() {
    boolean wasActive = account.isActive();
    account.end();
    leavePool(wasActive);
  }

  private void leavePool(boolean wasActive) {
    if (wasActive && pool != null) {
      pool.onEnded();
    }
  }

  /// The upstream has closed after our own FIN: the request is over, and with it the connection.
  public void finishedByPeer() {
    boolean wasActive = account.isActive();
    account.end();
    connection().closedByPeer();
    leavePool(wasActive);
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
    var mine = connection;
    if (mine == null) {
      account.end();
      if (pool != null) {
        pool.forget(this);
      }
      return;
    }
    if (!leftQueue()) {
      if (reset) {
        mine.reset();
      } else {
        mine.close();
      }
    }
    over();
  }

  /// Whether it is over, or has failed.
  public boolean isClosed() {
    return connection != null && connection.isClosed();
  }

  /// The connection itself.
  ///
  /// @throws IllegalStateException if there is none yet
  public UpstreamConnection connection() {
    if (connection == null) {
      throw new IllegalStateException("no connection to " + host);
    }
    return connection;
  }

  /// How long more than its buffer's limit may wait to be written to it; zero for ever.
  public long highWatermarkMillis() {
    return cluster.config().upstream().highWatermarkTimeout().toMillis();
  }

  /// A number that no other connection has.
  public long id() {
    return connection().id();
  }

  /// How long the attempt may take.
  public long timeoutMillis() {
    return cluster.dialer().timeoutMillis();
  }

  /// What the cluster counts.
  public ClusterStats stats() {
    return cluster.stats();
  }

  /// The channel to the host.
  ///
  /// @throws IllegalStateException if there never was one
  public Channel channel() {
    return connection().channel();
  }
}
