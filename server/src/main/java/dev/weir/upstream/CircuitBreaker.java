package dev.weir.upstream;

import dev.weir.config.CircuitBreakersConfig;
import dev.weir.config.CircuitBreakersConfig.Thresholds;
import dev.weir.telemetry.ClusterStatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.host.Host;

/// How many connections to a cluster are open and how many are waited for, and whether there may be
/// more. Any thread; shared by all workers, so that a limit holds for the gateway as a whole.
public final class CircuitBreaker {
  private final Limits normal;
  private final Limits high;
  private final long perHost;

  CircuitBreaker(CircuitBreakersConfig config, ClusterStats stats) {
    normal = new Limits(config.normal(), "circuit_breakers.default", stats);
    high = new Limits(config.high(), "circuit_breakers.high", stats);
    perHost = config.perHostMaxConnections();
  }

  /// The limits of one routing priority. TCP is of the default one.
  private static final class Limits {
    private final Quota connections;
    private final Quota pending;
    private final Quota requests;
    private final Quota retries;
    private final Quota pools;

    Limits(Thresholds config, String name, ClusterStats stats) {
      var cluster = stats.scope();
      connections = new Quota(config.maxConnections(), cluster, name + ".cx_open");
      pending = new Quota(config.maxPendingRequests(), cluster, name + ".rq_pending_open");
      requests = new Quota(config.maxRequests(), cluster, name + ".rq_open");
      retries = new Quota(config.maxRetries(), cluster, name + ".rq_retry_open");
      pools = new Quota(config.maxConnectionPools(), cluster, name + ".cx_pool_open");
      if (config.trackRemaining()) {
        track(stats.open(name, ClusterStatFamilies.REMAINING));
      }
    }

    boolean isIdle() {
      return connections.used() == 0;
    }

    private void track(StatScope remaining) {
      remaining.gauge("remaining_cx", connections::remaining);
      remaining.gauge("remaining_cx_pools", pools::remaining);
      remaining.gauge("remaining_pending", pending::remaining);
      remaining.gauge("remaining_retries", retries::remaining);
      remaining.gauge("remaining_rq", requests::remaining);
    }
  }

  /// Whether `max_connections` leaves room for one more. If not, the connection ends with `UO`.
  public boolean allowsConnection() {
    return normal.connections.hasRoom();
  }

  /// Whether the limit for each host leaves room for one more to this one.
  public boolean allowsConnectionTo(Host host) {
    return host.counters().cxActive() < perHost;
  }

  /// Takes a place among the connections, room or not: who connects has asked
  /// [#allowsConnection()].
  public void connectionOpened() {
    normal.connections.take();
  }

  /// Gives it back.
  public void connectionClosed() {
    normal.connections.give();
  }

  /// Takes a place among those who wait for a connection, if `max_pending_requests` allows it.
  public boolean tryPend() {
    return normal.pending.tryTake();
  }

  /// Gives it back: connected, failed or given up.
  public void pendingEnded() {
    normal.pending.give();
  }

  /// Whether `max_requests` leaves room for one more HTTP request.
  public boolean allowsRequest() {
    return normal.requests.hasRoom();
  }

  /// Takes a place among the requests that have a connection, room or not: a TCP connection that
  /// stands is never refused, an HTTP request has asked [#allowsRequest()].
  public void requestStarted() {
    normal.requests.take();
  }

  /// Gives it back.
  public void requestEnded() {
    normal.requests.give();
  }

  /// Takes a place among the pools of HTTP connections, if `max_connection_pools` allows it.
  public boolean tryPool() {
    return normal.pools.tryTake();
  }

  /// Gives it back.
  public void poolEnded() {
    normal.pools.give();
  }

  /// Takes a place among those who try again, if `max_retries` allows it.
  public boolean tryRetry() {
    return normal.retries.tryTake();
  }

  /// Gives it back.
  public void retryEnded() {
    normal.retries.give();
  }

  /// Whether no connection is left.
  boolean isIdle() {
    return normal.isIdle() && high.isIdle();
  }
}
