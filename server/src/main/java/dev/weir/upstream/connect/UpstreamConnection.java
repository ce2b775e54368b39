package dev.weir.upstream.connect;

import dev.weir.transport.DialOptions;
import dev.weir.transport.Sockets;
import dev.weir.transport.TransportFailure;
import dev.weir.transport.Worker;
import dev.weir.upstream.CircuitBreaker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.ClusterStats.Level;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostConnections;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// A connection to a host, from the attempt to its end, which keeps the cluster's and the host's
/// account of it. What requests it is used for is its owner's business. Its worker only.
public final class UpstreamConnection extends HostConnections.Member
    implements ChannelFutureListener, AddressRace.Judge {

  /// Who has made the connection.
  public interface Owner {
    /// It stands. Called once, unless it failed or was closed before.
    void onConnected();

    /// It could not be made. Called once, unless it was closed before.
    ///
    /// @param reason what `%UPSTREAM_TRANSPORT_FAILURE_REASON%` prints; null after a timeout
    void onConnectFailed(@Nullable String reason);

    /// The configured local address cannot be had. Called in place of [#onConnectFailed].
    ///
    /// @param reason what `%UPSTREAM_TRANSPORT_FAILURE_REASON%` prints
    default void onNotBound(String reason) {
      onConnectFailed(reason);
    }

    /// Whether a request is under way on it; asked when it ends.
    boolean inUse();

    /// The host is lost, and the connection is to be closed.
    void onHostLost();
  }

  private enum State {
    CONNECTING,
    CONNECTED,
    CLOSED
  }

  private final Cluster cluster;
  private final CircuitBreaker breaker;
  private final Host host;
  private final Worker worker;
  private Owner owner;
  private final long id;
  private final long startedAt;
  private State state = State.CONNECTING;
  private @Nullable Channel channel;
  private @Nullable AddressRace race;

  /// Takes a place at the circuit breaker, where one has been granted.
  public UpstreamConnection(Cluster cluster, Host host, Worker worker, Owner owner) {
    this(cluster, cluster.breaker(), host, worker, owner);
  }

  /// As [#UpstreamConnection(Cluster, Host, Worker, Owner)], at a priority of its own.
  public UpstreamConnection(
      Cluster cluster, CircuitBreaker breaker, Host host, Worker worker, Owner owner) {
    this.cluster = cluster;
    this.breaker = breaker;
    this.host = host;
    this.worker = worker;
    this.owner = owner;
    this.id = worker.nextConnectionId();
    this.startedAt = worker.now();
  }

  /// Begins the attempt, with the transport as the cluster configures it. It may fail before this
  /// returns.
  public void connect() {
    connect(DialOptions.to(host.hostname()));
  }

  /// Begins the attempt. It may fail before this returns.
  ///
  /// @param asked what is asked of the transport
  public void connect(DialOptions asked) {
    count(Count.UPSTREAM_CX_TOTAL);
    level(1);
    breaker.connectionOpened();
    host.counters().connectionOpened();
    host.connections().add(worker, this);
    var addresses = host.addresses();
    if (addresses.size() > 1) {
      var order = AddressRace.order(addresses, cluster.config().upstream().happyEyeballs());
      race = new AddressRace(worker, order, new Dialing(asked), this);
      race.start();
      return;
    }
    try {
      channel = open(host.facts().address(), asked);
      connect(channel, host.facts().address(), this);
    } catch (ChannelException e) {
      fail(immediate(e));
    }
  }

  /// How the addresses of the host are connected to.
  private final class Dialing implements AddressRace.Runner {
    private final DialOptions asked;
    private boolean again;

    Dialing(DialOptions asked) {
      this.asked = asked;
    }

    @Override
    public Channel open(SocketAddress address) {
      if (again) {
        count(Count.UPSTREAM_CX_TOTAL); // as on Envoy; active is only one of them
      }
      again = true;
      return UpstreamConnection.this.open(address, asked);
    }

    @Override
    public void connect(Channel opened, SocketAddress address, ChannelFutureListener then) {
      UpstreamConnection.this.connect(opened, address, then);
    }
  }

  private Channel open(SocketAddress address, DialOptions asked) {
    return cluster.dialer().open(worker, address, cluster.transport(host), asked);
  }

  private void connect(Channel opened, SocketAddress address, ChannelFutureListener then) {
    cluster.dialer().connect(opened, address, opened.newPromise().addListener(then));
  }

  @Override
  public void won(Channel winner) {
    channel = winner;
    race = null;
    connected();
  }

  @Override
  public void lost(Throwable failure) {
    race = null;
    failed(failure);
  }

  @Override
  public void operationComplete(ChannelFuture connected) {
    if (state != State.CONNECTING) {
      return;
    }
    var failure = connected.cause();
    if (failure == null) {
      connected();
    } else {
      failed(failure);
    }
  }

  private void connected() {
    state = State.CONNECTED;
    cluster.stats().connectMillis().record(worker.now() - startedAt);
    owner.onConnected();
  }

  private void failed(Throwable failure) {
    if (failure instanceof TransportFailure transport) {
      fail(transport.reason());
    } else if (Sockets.isBindFailure(failure)) {
      notBound(failure);
    } else {
      // Of TCP the kernel always says "in progress" first; a Unix socket is refused at once.
      boolean atOnce = host.facts().address() instanceof DomainSocketAddress;
      fail(atOnce ? immediate(failure) : "delayed connect error: " + Sockets.reason(failure));
    }
  }

  private String immediate(Throwable failure) {
    return "immediate connect error: "
        + Sockets.reason(failure)
        + "|remote_address:"
        + host.address();
  }

  /// The host is not to blame for that.
  private void notBound(Throwable failure) {
    count(Count.BIND_ERRORS);
    attemptFailed(true);
    var source = cluster.dialer().source(host.facts().address());
    owner.onNotBound("failed to bind to " + source + ": " + Sockets.reason(failure));
  }

  private void fail(String reason) {
    host.monitor().connectFailed();
    attemptFailed(false);
    owner.onConnectFailed(reason);
  }

  /// The connect timeout is over.
  public void timedOut() {
    count(Count.UPSTREAM_CX_CONNECT_TIMEOUT);
    host.monitor().connectTimedOut();
    attemptFailed(true);
    owner.onConnectFailed(null);
  }

  @Override
  protected void onHostLost() {
    if (state == State.CONNECTED) {
      owner.onHostLost();
    } else if (state == State.CONNECTING) {
      attemptFailed(true);
      owner.onConnectFailed(null);
    }
  }

  private void attemptFailed(boolean byUs) {
    state = State.CLOSED;
    count(Count.UPSTREAM_CX_CONNECT_FAIL);
    host.counters().connectFailed();
    destroyed(byUs, false);
    closeChannel();
  }

  /// The upstream has closed, and with that the connection is over.
  public void closedByPeer() {
    end(false, false);
  }

  /// We close with a FIN; an attempt that is under way is given up.
  public void close() {
    end(true, false);
  }

  /// We close with a RST.
  public void reset() {
    end(true, true);
  }

  private void end(boolean byUs, boolean reset) {
    boolean wasConnected = state == State.CONNECTED;
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    if (wasConnected) {
      cluster.stats().lengthMillis().record(worker.now() - startedAt);
    }
    destroyed(byUs, owner.inUse());
    if (reset && channel != null) {
      Sockets.reset(channel);
    } else {
      closeChannel();
    }
  }

  private void destroyed(boolean byUs, boolean inUse) {
    count(Count.UPSTREAM_CX_DESTROY);
    count(byUs ? Count.UPSTREAM_CX_DESTROY_LOCAL : Count.UPSTREAM_CX_DESTROY_REMOTE);
    if (inUse) {
      count(Count.UPSTREAM_CX_DESTROY_WITH_ACTIVE_RQ);
      count(
          byUs
              ? Count.UPSTREAM_CX_DESTROY_LOCAL_WITH_ACTIVE_RQ
              : Count.UPSTREAM_CX_DESTROY_REMOTE_WITH_ACTIVE_RQ);
    }
    level(-1);
    leave();
    breaker.connectionClosed();
    host.counters().connectionClosed();
    host.connections().left(worker);
  }

  private void closeChannel() {
    if (race != null) {
      race.cancel();
      race = null;
    }
    if (channel != null) {
      channel.close();
    }
  }

  private void count(Count which) {
    cluster.stats().get(which).increment();
  }

  private void level(int change) {
    cluster.stats().get(Level.UPSTREAM_CX_ACTIVE).add(change);
  }

  /// Gives it to another, who is told of what happens from now on.
  void owner(Owner next) {
    owner = next;
  }

  /// Whether it is over, or has failed.
  public boolean isClosed() {
    return state == State.CLOSED;
  }

  /// A number that no other connection has.
  public long id() {
    return id;
  }

  /// How long the attempt may take.
  public long timeoutMillis() {
    return cluster.dialer().timeoutMillis();
  }

  /// Where it goes.
  public Host host() {
    return host;
  }

  /// What the cluster counts.
  public ClusterStats stats() {
    return cluster.stats();
  }

  /// The channel to the host.
  ///
  /// @throws IllegalStateException if there never was one
  public Channel channel() {
    if (channel == null) {
      throw new IllegalStateException("no channel to " + host);
    }
    return channel;
  }
}
