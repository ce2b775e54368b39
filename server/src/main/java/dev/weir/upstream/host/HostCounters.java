package dev.weir.upstream.host;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/// What is counted of one host, for `/clusters` and for policies that look at load. Any thread.
public final class HostCounters {
  private static final AtomicIntegerFieldUpdater<HostCounters> CX_ACTIVE =
      AtomicIntegerFieldUpdater.newUpdater(HostCounters.class, "cxActive");
  private static final AtomicIntegerFieldUpdater<HostCounters> RQ_ACTIVE =
      AtomicIntegerFieldUpdater.newUpdater(HostCounters.class, "rqActive");
  private static final AtomicIntegerFieldUpdater<HostCounters> RQ_PENDING =
      AtomicIntegerFieldUpdater.newUpdater(HostCounters.class, "rqPending");
  private static final AtomicLongFieldUpdater<HostCounters> CX_TOTAL =
      AtomicLongFieldUpdater.newUpdater(HostCounters.class, "cxTotal");
  private static final AtomicLongFieldUpdater<HostCounters> CX_CONNECT_FAIL =
      AtomicLongFieldUpdater.newUpdater(HostCounters.class, "cxConnectFail");
  private static final AtomicLongFieldUpdater<HostCounters> RQ_TOTAL =
      AtomicLongFieldUpdater.newUpdater(HostCounters.class, "rqTotal");
  private static final AtomicLongFieldUpdater<HostCounters> RQ_SUCCESS =
      AtomicLongFieldUpdater.newUpdater(HostCounters.class, "rqSuccess");
  private static final AtomicLongFieldUpdater<HostCounters> RQ_ERROR =
      AtomicLongFieldUpdater.newUpdater(HostCounters.class, "rqError");
  private static final AtomicLongFieldUpdater<HostCounters> RQ_TIMEOUT =
      AtomicLongFieldUpdater.newUpdater(HostCounters.class, "rqTimeout");

  private volatile int cxActive;
  private volatile int rqActive;
  private volatile int rqPending;
  private volatile long cxTotal;
  private volatile long cxConnectFail;
  private volatile long rqTotal;
  private volatile long rqSuccess;
  private volatile long rqError;
  private volatile long rqTimeout;

  HostCounters() {}

  /// A connection attempt has begun: `cx_total`, `cx_active`.
  public void connectionOpened() {
    CX_TOTAL.incrementAndGet(this);
    CX_ACTIVE.incrementAndGet(this);
  }

  /// A connection has closed, or its attempt has failed: `cx_active`.
  public void connectionClosed() {
    CX_ACTIVE.decrementAndGet(this);
  }

  /// An attempt has failed: `cx_connect_fail`.
  public void connectFailed() {
    CX_CONNECT_FAIL.incrementAndGet(this);
  }

  /// A request waits for a connection: `rq_pending_active`.
  public void requestPending() {
    RQ_PENDING.incrementAndGet(this);
  }

  /// It waits no more.
  public void requestWaited() {
    RQ_PENDING.decrementAndGet(this);
  }

  /// A downstream connection was attached to an upstream one: `rq_total`, `rq_active`.
  public void requestStarted() {
    RQ_TOTAL.incrementAndGet(this);
    RQ_ACTIVE.incrementAndGet(this);
  }

  /// A downstream connection was detached: `rq_active`.
  public void requestEnded() {
    RQ_ACTIVE.decrementAndGet(this);
  }

  /// A request went well: `rq_success`.
  public void requestSucceeded() {
    RQ_SUCCESS.incrementAndGet(this);
  }

  /// A request failed: `rq_error`.
  public void requestFailed() {
    RQ_ERROR.incrementAndGet(this);
  }

  /// A request timed out: `rq_timeout`.
  public void requestTimedOut() {
    RQ_TIMEOUT.incrementAndGet(this);
  }

  /// Open connections and attempts under way.
  public int cxActive() {
    return cxActive;
  }

  /// Attached downstream connections: what least request and bounded load look at.
  public int rqActive() {
    return rqActive;
  }

  /// Requests that wait for a connection.
  public int rqPending() {
    return rqPending;
  }

  /// All attempts to connect.
  public long cxTotal() {
    return cxTotal;
  }

  /// Failed attempts to connect.
  public long cxConnectFail() {
    return cxConnectFail;
  }

  /// All downstream connections that were attached.
  public long rqTotal() {
    return rqTotal;
  }

  /// Requests that went well.
  public long rqSuccess() {
    return rqSuccess;
  }

  /// Requests that failed.
  public long rqError() {
    return rqError;
  }

  /// Requests that timed out.
  public long rqTimeout() {
    return rqTimeout;
  }
}
