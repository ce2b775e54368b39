package dev.weir.http;

import dev.weir.config.http.HttpTiming;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;

/// The times by which something has to happen on a connection, in milliseconds of its worker's
/// clock, and the one timer that looks after them; each request has another. Its worker only.
final class ConnectionDeadlines extends TimerWheel.Node {
  private static final long NEVER = TimerWheel.NEVER;

  /// By so much we hang up early rather than late: a client that waits exactly as long sees it.
  private static final long EARLY = 16;

  private final HttpConnection owner;
  private final HttpTiming timing;
  private final Worker worker;
  private final long start;
  private long idleSince;
  private long drainUntil = NEVER;
  private long hangUpAt = NEVER;
  private long maxUntil;

  ConnectionDeadlines(HttpConnection owner, HttpTiming timing, Worker worker) {
    this.owner = owner;
    this.timing = timing;
    this.worker = worker;
    this.start = worker.now();
    this.idleSince = start;
    this.maxUntil = after(start, timing.connection().toMillis());
  }

  private static long after(long from, long millis) {
    return millis == 0 ? NEVER : from + millis;
  }

  /// How old the connection is, in milliseconds.
  long age() {
    return worker.now() - start;
  }

  /// Watches from here on, or anew after something has changed.
  void arm() {
    if (!owner.isClosed()) {
      worker.timers().arm(this, next());
    }
  }

  void stop() {
    worker.timers().disarm(this);
  }

  /// Something has come while there is no request, or the last one has ended.
  void idle() {
    idleSince = worker.now();
  }

  /// The end is announced.
  void draining() {
    drainUntil = worker.now() + timing.drain().toMillis();
    arm();
  }

  /// No more is said: the client has a while to hang up.
  ///
  /// @return whether it has any time at all
  boolean hangingUp() {
    long delay = timing.delayedClose().toMillis();
    if (delay > 0) {
      hangUpAt = worker.now() + Math.max(1, delay - EARLY);
      arm();
    }
    return delay > 0;
  }

  private long next() {
    long next = Math.min(Math.min(hangUpAt, drainUntil), maxUntil);
    return Math.min(next, Math.min(idleUntil(), headersUntil()));
  }

  private long idleUntil() {
    boolean idle = owner.isIdle() && drainUntil == NEVER;
    return idle ? after(idleSince, timing.connectionIdle().toMillis()) : NEVER;
  }

  private long headersUntil() {
    long timeout = timing.requestHeaders().toMillis();
    long since = owner.headersSince();
    return timeout == 0 || since == NEVER ? NEVER : since + timeout;
  }

  @Override
  protected void fire() {
    long now = worker.now();
    if (hangUpAt <= now) {
      owner.onHangUpTimeout();
      return;
    }
    if (drainUntil <= now) {
      drainUntil = NEVER;
      owner.lastCall();
    }
    if (maxUntil <= now) {
      maxUntil = NEVER;
      owner.expire("downstream_cx_max_duration_reached");
    }
    if (headersUntil() <= now) {
      owner.onHeadersTimeout();
    }
    if (idleUntil() <= now) {
      owner.expire("downstream_cx_idle_timeout");
    }
    arm();
  }
}
