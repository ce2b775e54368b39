package dev.weir.upstream.connect;

import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats.Count;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/// The connections of one worker to one host that are alike, of which some may be made before
/// anybody asks for them. Who asks gets the first that stands. Its worker only.
final class TcpPool {
  private final WorkerTcpPools home;
  private final WorkerTcpPools.Key key;
  private final ArrayDeque<TcpUpstream> waiting = new ArrayDeque<>();

  /// The newest first.
  private final ArrayDeque<PreparedConnection> connecting = new ArrayDeque<>();

  /// The one that stands for the longest time first.
  private final ArrayDeque<PreparedConnection> ready = new ArrayDeque<>();

  private int active;

  TcpPool(WorkerTcpPools home, WorkerTcpPools.Key key) {
    this.home = home;
    this.key = key;
  }

  /// Gives it a connection, now or later. It may fail before this returns.
  void ask(TcpUpstream upstream) {
    var free = ready.pollFirst();
    if (free == null) {
      upstream.await();
      waiting.addLast(upstream);
      home.count(1, 0, 0);
    } else {
      upstream.unpend();
      attach(free, upstream);
    }
    grow();
  }

  private void attach(PreparedConnection connection, TcpUpstream upstream) {
    active++;
    home.count(0, 1, -1);
    upstream.attach(connection.release());
  }

  /// Makes as many connections as are wanted now.
  private void grow() {
    for (int i = 0; i < WorkerTcpPools.MOST_AT_ONCE && isDue(); i++) {
      if (!make()) {
        return;
      }
    }
  }

  /// To a host that is not well, nothing is made ahead.
  private boolean isDue() {
    int asked = waiting.size() + active;
    return home.prepares(key.host())
        ? asked * home.config().perHost() > unused() + active
        : waiting.size() > connecting.size();
  }

  /// Makes one more connection than is asked for, if the ratio allows it.
  ///
  /// @return whether there may be still more
  boolean prepare(double ratio) {
    boolean due =
        home.prepares(key.host()) && (waiting.size() + active + 1) * ratio > unused() + active;
    boolean made = due && make();
    leaveIfEmpty();
    return made;
  }

  private int unused() {
    return connecting.size() + ready.size();
  }

  private boolean make() {
    var host = key.host();
    if (waiting.size() <= unused() && !home.config().admits(host.metadata())) {
      count(Count.UPSTREAM_CX_PRECONNECT_SKIPPED);
      return false;
    }
    var breaker = cluster().breaker();
    boolean allowed = breaker.allowsConnection() && breaker.allowsConnectionTo(host);
    if (!allowed) {
      count(Count.UPSTREAM_CX_OVERFLOW);
    }
    if (allowed || (unused() == 0 && active == 0)) {
      var connection = new PreparedConnection(this);
      connecting.addFirst(connection);
      home.count(0, 0, 1);
      connection.connect();
    }
    return allowed;
  }

  private void count(Count which) {
    cluster().stats().get(which).increment();
  }

  /// A connection stands.
  void onReady(PreparedConnection connection) {
    connecting.remove(connection);
    var first = waiting.pollFirst();
    if (first == null) {
      ready.addLast(connection);
      connection.rest();
    } else {
      home.count(-1, 0, 0);
      attach(connection, first);
    }
  }

  /// A connection could not be made: nobody is to wait for the next one, which may be no better.
  void onFailed(PreparedConnection connection, Consumer<TcpUpstream> tell) {
    connecting.remove(connection);
    home.count(-waiting.size(), 0, -1);
    var all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(tell);
    leaveIfEmpty();
  }

  /// A connection that nobody used is closed.
  void onClosed(PreparedConnection connection) {
    ready.remove(connection);
    connecting.remove(connection);
    home.count(0, 0, -1);
    leaveIfEmpty();
  }

  /// It does not want to wait any more, and one connection that would be too many is given up.
  void forget(TcpUpstream upstream) {
    if (!waiting.remove(upstream)) {
      return;
    }
    home.count(-1, 0, 0);
    var newest = connecting.peekFirst();
    if (newest != null && unused() > waiting.size()) {
      newest.close();
    }
    leaveIfEmpty();
  }

  /// A connection that was in use is over.
  void onEnded() {
    active--;
    home.count(0, -1, 0);
    if (!waiting.isEmpty()) {
      grow();
    }
    leaveIfEmpty();
  }

  /// Closes what nobody uses.
  void drain() {
    List.copyOf(ready).forEach(PreparedConnection::close);
    if (waiting.isEmpty()) {
      List.copyOf(connecting).forEach(PreparedConnection::close);
    }
  }

  private void leaveIfEmpty() {
    if (waiting.isEmpty() && unused() == 0 && active == 0) {
      home.remove(this);
    }
  }

  WorkerTcpPools.Key key() {
    return key;
  }

  Cluster cluster() {
    return home.cluster();
  }

  WorkerTcpPools home() {
    return home;
  }
}
