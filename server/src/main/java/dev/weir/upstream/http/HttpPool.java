package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;
import dev.weir.config.PreconnectConfig;
import dev.weir.config.UpstreamHttpConfig;
import dev.weir.transport.Worker;
import dev.weir.upstream.CircuitBreaker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.connect.RequestAccount;
import dev.weir.upstream.host.Health;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The connections of one worker to one host that are alike, and who waits for one of them. Its
/// worker only.
final class HttpPool {
  /// How many connections are opened at once.
  private static final int MOST_AT_ONCE = 3;

  private final WorkerPools home;
  private final WorkerPools.Key key;
  private final List<PooledConnection> connections = new ArrayList<>();

  /// Those that take another request; the one that was used last comes first.
  private final ArrayDeque<PooledConnection> ready = new ArrayDeque<>();

  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private boolean draining;

  /// What ALPN last led to, which is what is expected of the next connection.
  private @Nullable HttpProtocol negotiated;

  HttpPool(WorkerPools home, WorkerPools.Key key, boolean draining) {
    this.home = home;
    this.key = key;
    this.draining = draining;
  }

  /// Somebody who waits.
  private final class Pending implements PendingStream {
    private final StreamWaiter waiter;
    private final RequestAccount account;
    private boolean done;

    Pending(StreamWaiter waiter, RequestAccount account) {
      this.waiter = waiter;
      this.account = account;
    }

    @Override
    public void cancel() {
      if (!done) {
        done = true;
        waiting.remove(this);
        account.end();
        leaveIfEmpty();
      }
    }
  }

  /// Gives the waiter a stream, now or later.
  ///
  /// @return what to cancel by; null if the waiter knows already
  @Nullable PendingStream ask(StreamWaiter waiter) {
    var account = new RequestAccount(cluster(), key.host(), breaker());
    var free = ready.peekFirst();
    if (free != null) {
      attach(free, account, waiter);
      grow(); // for the one who comes next
      return null;
    }
    if (!breaker().tryPend()) {
      stats().pendingOverflow.increment();
      waiter.onOutcome(new StreamOutcome.Overflow());
      leaveIfEmpty();
      return null;
    }
    account.waiting();
    var pending = new Pending(waiter, account);
    waiting.addLast(pending);
    grow();
    return pending.done ? null : pending;
  }

  private void attach(PooledConnection connection, RequestAccount account, StreamWaiter waiter) {
    if (!breaker().allowsRequest()) {
      stats().activeOverflow.increment();
      account.refused();
      waiter.onOutcome(new StreamOutcome.Overflow());
      return;
    }
    account.attached();
    var stream = connection.open(account);
    if (!connection.hasRoom()) {
      onExhausted(connection);
    }
    waiter.onOutcome(new StreamOutcome.Ready(stream));
  }

  /// Opens connections until there are enough for all who wait, and those that are made ahead, or
  /// as many as may be.
  private void grow() {
    if (waiting.isEmpty() && !makesAhead()) {
      return;
    }
    for (int i = 0; i < MOST_AT_ONCE && isDue(); i++) {
      if (!make()) {
        return;
      }
    }
  }

  /// Whether connections are made ahead to this host: not to one that is unwell.
  private boolean makesAhead() {
    boolean wanted = preconnect().perHost() > 1 && !draining;
    return wanted && key.host().health() == Health.HEALTHY && key.introduction() == null;
  }

  private PreconnectConfig preconnect() {
    return cluster().config().upstream().preconnect();
  }

  private boolean isDue() {
    if (!makesAhead()) {
      return waiting.size() > coming();
    }
    long active = 0;
    for (int i = 0; i < connections.size(); i++) {
      active += connections.get(i).active();
    }
    return (waiting.size() + active) * preconnect().perHost() > unused() + active;
  }

  /// How many requests there will be room for soon.
  private long coming() {
    long coming = 0;
    for (int i = 0; i < connections.size(); i++) {
      coming += connections.get(i).expectedStreams();
    }
    return coming;
  }

  private long unused() {
    long room = coming();
    for (int i = 0; i < connections.size(); i++) {
      room += connections.get(i).room();
    }
    return room;
  }

  private boolean make() {
    var host = key.host();
    if (waiting.size() <= unused() && !preconnect().admits(host.metadata())) {
      stats().preconnectSkipped.increment();
      return false;
    }
    boolean allowed = breaker().allowsConnection() && breaker().allowsConnectionTo(host);
    if (!allowed) {
      stats().connectionOverflow.increment();
      if (!connections.isEmpty()) {
        return false; // one of those that are busy will be free; with none, all would wait for ever
      }
    }
    var connection = new PooledConnection(this);
    connections.add(connection);
    connection.connect();
    return allowed;
  }

  /// A connection has room for a request, or for one more.
  void onRoom(PooledConnection connection) {
    if (!connection.offered) {
      connection.offered = true;
      ready.addFirst(connection);
    }
    serve();
    if (draining && connection.isIdle()) {
      connection.close();
    }
  }

  private void serve() {
    while (!waiting.isEmpty() && !ready.isEmpty()) {
      var next = waiting.removeFirst();
      next.done = true;
      attach(ready.getFirst(), next.account, next.waiter);
    }
  }

  /// A connection takes no more requests, though it may have some.
  void onExhausted(PooledConnection connection) {
    if (connection.offered) {
      connection.offered = false;
      ready.remove(connection);
    }
  }

  /// A connection could not be made: nobody is to wait for the next one, which may be no better.
  void onConnectFailed(PooledConnection connection, StreamOutcome.Failed failure) {
    connections.remove(connection);
    var all = List.copyOf(waiting);
    waiting.clear();
    for (var pending : all) {
      if (!pending.done) {
        pending.done = true;
        pending.account.ejected();
        pending.waiter.onOutcome(failure);
      }
    }
    leaveIfEmpty();
  }

  /// A connection is over.
  void onClosed(PooledConnection connection) {
    connections.remove(connection);
    onExhausted(connection);
    grow();
    leaveIfEmpty();
  }

  /// Nobody else is to come: idle connections close, the others when they are done.
  void drain() {
    draining = true;
    for (var connection : List.copyOf(connections)) {
      if (waiting.isEmpty() || !connection.isConnecting()) {
        connection.drain();
      }
    }
  }

  /// Whether it has connections that nobody uses.
  boolean isIdle() {
    return waiting.isEmpty() && connections.stream().allMatch(PooledConnection::isIdle);
  }

  private void leaveIfEmpty() {
    if (connections.isEmpty() && waiting.isEmpty()) {
      home.remove(this);
    }
  }

  /// What ALPN has led to.
  void negotiated(HttpProtocol protocol) {
    negotiated = protocol;
  }

  /// What a connection speaks that is being made; the more cautious guess where nobody knows.
  HttpProtocol expected() {
    if (key.protocol() != null) {
      return key.protocol();
    }
    return negotiated == null ? HttpProtocol.HTTP1 : negotiated;
  }

  boolean isDraining() {
    return draining;
  }

  WorkerPools.Key key() {
    return key;
  }

  CircuitBreaker breaker() {
    return cluster().breaker(key.highPriority());
  }

  Cluster cluster() {
    return home.cluster();
  }

  UpstreamHttpConfig config() {
    return home.cluster().config().http();
  }

  Worker worker() {
    return home.worker();
  }

  HttpStats stats() {
    return home.stats();
  }
}
