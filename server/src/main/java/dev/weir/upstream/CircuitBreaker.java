package dev.weir.upstream;

import dev.weir.config.CircuitBreakersConfig;
import dev.weir.telemetry.ClusterStatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.host.Host;

/// How many connections to a cluster are open and how many are waited for, and whether there may be
/// more. Any thread; shared by all workers, so that a limit holds for the gateway as a whole.
public final class CircuitBreaker {
  private final Quota connections;
  private final Quota pending;
  private final Quota requests;
  private final long perHost;

  CircuitBreaker(CircuitBreakersConfig config, ClusterStats stats) {
    var limits = config.normal();
    var cluster = stats.scope();
    connections = quota(limits.maxConnections(), cluster, "cx_open");
    pending = quota(limits.maxPendingRequests(), cluster, "rq_pending_open");
    requests = quota(limits.maxRequests(), cluster, "rq_open");
    perHost = config.perHostMaxConnections();
    if (limits.trackRemaining()) {
      var remaining = stats.open("circuit_breakers.default", ClusterStatFamilies.REMAINING);
      remaining.gauge("remaining_cx", connections::remaining);
      remaining.gauge("remaining_pending", pending::remaining);
      remaining.gauge("remaining_rq", requests::remaining);
    }
  }

  private static Quota quota(long limit, StatScope cluster, String gauge) {
    return new Quota(limit, cluster, "circuit_breakers.default." + gauge);
  }

  /// Whether `max_connections` leaves room for one more. If not, the connection ends with `UO`.
  public boolean allowsConnection() {
    return connections.hasRoom();
  }

  /// Whether the limit for each host leaves room for one more to this one.
  public boolean allowsConnectionTo(Host host) {
    return host.counters().cxActive() < perHost;
  }

  /// Takes a place among the connections, room or not: who connects has asked
  /// [#allowsConnection()].
  public void connectionOpened() {
    connections.take();
  }

  /// Gives it back.
  public void connectionClosed() {
    connections.give();
  }

  /// Takes a place among those who wait for a connection, if `max_pending_requests` allows it.
  public boolean tryPend() {
    return pending.tryTake();
  }

  /// Gives it back: connected, failed or given up.
  public void pendingEnded() {
    pending.give();
  }

  /// Whether `max_requests` leaves room for one more HTTP request.
  public boolean allowsRequest() {
    return requests.hasRoom();
  }

  /// Takes a place among the requests that have a connection, room or not: a TCP connection that
  /// stands is never refused, an HTTP request has asked [#allowsRequest()].
  public void requestStarted() {
    requests.take();
  }

  /// Gives it back.
  public void requestEnded() {
    requests.give();
  }

  /// Whether no connection is left.
  boolean isIdle() {
    return connections.used() == 0;
  }
}
