package dev.weir.upstream.connect;

import dev.weir.transport.DialOptions;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats;
import dev.weir.upstream.host.Host;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// A connection to a host for one downstream connection alone, which is its one request. Its worker
/// only.
public final class TcpUpstream implements UpstreamConnection.Owner {

  /// Who wants the connection.
  public interface Waiter {
    /// The attempt has ended; called once, unless the connection was closed before.
    void onOutcome(ConnectOutcome outcome);
  }

  private final Cluster cluster;
  private final UpstreamConnection connection;
  private final RequestAccount account;
  private final Waiter waiter;

  /// Takes the places at the circuit breaker that have been granted.
  TcpUpstream(Cluster cluster, Host host, Worker worker, Waiter waiter) {
    this.cluster = cluster;
    this.connection = new UpstreamConnection(cluster, host, worker, this);
    this.account = new RequestAccount(cluster, host);
    this.waiter = waiter;
  }

  /// Begins the attempt. It may fail before this returns.
  ///
  /// @param asked what is asked of the transport
  public void connect(DialOptions asked) {
    account.waiting();
    connection.connect(asked);
  }

  /// Where it goes.
  public Host host() {
    return connection.host();
  }

  @Override
  public void onConnected() {
    account.attached();
    waiter.onOutcome(new ConnectOutcome.Connected(this));
  }

  @Override
  public void onConnectFailed(@Nullable String reason) {
    account.ejected();
    waiter.onOutcome(new ConnectOutcome.Failed(cluster, reason));
  }

  @Override
  public boolean inUse() {
    return account.isActive();
  }

  /// The connect timeout is over.
  public void timedOut() {
    connection.timedOut();
  }

  /// The upstream has closed, and with that the connection is over.
  public void closedByPeer() {
    connection.closedByPeer();
    account.end();
  }

  /// We close with a FIN; an attempt that is under way is given up.
  public void close() {
    connection.close();
    account.end();
  }

  /// We close with a RST.
  public void reset() {
    connection.reset();
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
