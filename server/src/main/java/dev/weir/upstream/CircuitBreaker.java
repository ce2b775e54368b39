package dev.weir.upstream;

import dev.weir.config.CircuitBreakersConfig.Thresholds;
import dev.weir.telemetry.ClusterStatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.host.Host;

/// How many connections to a cluster are open and how many are waited for, and whether there may be
/// more, at one routing priority; TCP is of the default one. Any thread; shared by all workers, so
/// that a limit holds for the gateway as a whole.
public final class CircuitBreaker {
  private final Quota connections;
  private final Quota pending;
  private final Quota requests;
  private final Quota retries;
  private final Quota pools;
  private final long perHost;

  /// A routing priority, and what its gauges are called: strings that all clusters share.
  enum Priority {
    DEFAULT("default"),
    HIGH("high");

    private final String scope;
    private final String connections;
    private final String pending;
    private final String requests;
    private final String retries;
    private final String pools;

    Priority(String name) {
      scope = "circuit_breakers." + name;
      connections = scope + ".cx_open";
      pending = scope + ".rq_pending_open";
      requests = scope + ".rq_open";
      retries = scope + ".rq_retry_open";
      pools = scope + ".cx_pool_open";
    }
  }

  /// @param perHost how many connections one host may have
  CircuitBreaker(Thresholds config, Priority priority, long perHost, ClusterStats stats) {
    var cluster = stats.scope();
    connections = new Quota(config.maxConnections(), cluster, priority.connections);
    pending = new Quota(config.maxPendingRequests(), cluster, priority.pending);
    requests = new Quota(config.maxRequests(), cluster, priority.requests);
    retries = new Quota(config.maxRetries(), cluster, priority.retries);
    pools = new Quota(config.maxConnectionPools(), cluster, priority.pools);
    this.perHost = perHost;
    if (config.trackRemaining()) {
      track(stats.open(priority.scope, ClusterStatFamilies.REMAINING));
    }
  }

  private void track(StatScope remaining) {
    remaining.gauge("remaining_cx", connections::remaining);
    remaining.gauge("remaining_cx_pools", pools::remaining);
    remaining.gauge("remaining_pending", pending::remaining);
    remaining.gauge("remaining_retries", retries::remaining);
    remaining.gauge("remaining_rq", requests::remaining);
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

  /// Takes a place among the pools of HTTP connections, if `max_connection_pools` allows it.
  public boolean tryPool() {
    return pools.tryTake();
  }

  /// Gives it back.
  public void poolEnded() {
    pools.give();
  }

  /// Takes a place among those who try again, if `max_retries` allows it.
  public boolean tryRetry() {
    return retries.tryTake();
  }

  /// Gives it back.
  public void retryEnded() {
    retries.give();
  }

  /// Whether no connection is left.
  boolean isIdle() {
    return connections.used() == 0;
  }
}
