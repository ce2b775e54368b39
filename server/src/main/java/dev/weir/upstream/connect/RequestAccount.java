package dev.weir.upstream.connect;

import dev.weir.upstream.CircuitBreaker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.ClusterStats.Level;
import dev.weir.upstream.host.Host;

/// What a cluster and a host count of one request: it waits for a connection, has one, and ends.
/// With plain TCP a request is what a connection is used for. Its worker only.
public final class RequestAccount {
  private enum State {
    NEW,
    WAITING,
    ACTIVE,
    ENDED
  }

  private final Cluster cluster;
  private final Host host;
  private final CircuitBreaker breaker;
  private State state = State.NEW;

  /// Counts nothing yet.
  public RequestAccount(Cluster cluster, Host host) {
    this(cluster, host, cluster.breaker());
  }

  /// As [#RequestAccount(Cluster, Host)], at a priority of its own.
  public RequestAccount(Cluster cluster, Host host, CircuitBreaker breaker) {
    this.cluster = cluster;
    this.host = host;
    this.breaker = breaker;
  }

  /// It waits for a connection, at the place that the circuit breaker has granted by
  /// [dev.weir.upstream.CircuitBreaker#tryPend()].
  public void waiting() {
    state = State.WAITING;
    count(Count.UPSTREAM_RQ_PENDING_TOTAL);
    level(Level.UPSTREAM_RQ_PENDING_ACTIVE, 1);
    host.counters().requestPending();
  }

  /// It has a connection.
  public void attached() {
    if (state == State.WAITING) {
      waited();
    }
    state = State.ACTIVE;
    count(Count.UPSTREAM_RQ_TOTAL);
    level(Level.UPSTREAM_RQ_ACTIVE, 1);
    breaker.requestStarted();
    host.counters().requestStarted();
  }

  /// The connection that it waited for could not be made.
  public void ejected() {
    state = State.ENDED;
    waited();
    count(Count.UPSTREAM_RQ_PENDING_FAILURE_EJECT);
  }

  /// There are too many requests as it is.
  public void refused() {
    if (state == State.WAITING) {
      waited();
    }
    state = State.ENDED;
  }

  /// It is over, or is not wanted any more. Without effect if it had ended.
  public void end() {
    var before = state;
    state = State.ENDED;
    switch (before) {
      case WAITING -> {
        waited();
        count(Count.UPSTREAM_RQ_CANCELLED);
      }
      case ACTIVE -> {
        level(Level.UPSTREAM_RQ_ACTIVE, -1);
        breaker.requestEnded();
        host.counters().requestEnded();
      }
      case NEW, ENDED -> {}
    }
  }

  private void waited() {
    level(Level.UPSTREAM_RQ_PENDING_ACTIVE, -1);
    host.counters().requestWaited();
    breaker.pendingEnded();
  }

  /// Whether it has a connection.
  public boolean isActive() {
    return state == State.ACTIVE;
  }

  private void count(Count which) {
    cluster.stats().get(which).increment();
  }

  private void level(Level which, int change) {
    cluster.stats().get(which).add(change);
  }
}
