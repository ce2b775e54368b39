package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;
import dev.weir.transport.DialOptions;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.tls.TlsSession;
import dev.weir.upstream.connect.RequestAccount;
import dev.weir.upstream.connect.UpstreamConnection;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection of a pool: connecting; taking requests, one after the other or many at once;
/// draining; closed. It is itself the timer for whatever it waits for. Its worker only.
final class PooledConnection extends TimerWheel.Node implements UpstreamConnection.Owner {
  private enum State {
    CONNECTING,
    OPEN,
    DRAINING,
    CLOSED
  }

  private static final long UNLIMITED = Long.MAX_VALUE;

  private final HttpPool pool;
  private final UpstreamConnection connection;
  private State state = State.CONNECTING;
  private @Nullable ClientCodec codec;
  private int active;
  private long requests;
  private long remaining;
  private long until;
  private long maxDurationAt = TimerWheel.NEVER;
  private long armedFor = TimerWheel.NEVER;

  /// Whether the pool has it among those that take another request.
  boolean offered;

  PooledConnection(HttpPool pool) {
    this.pool = pool;
    this.connection =
        new UpstreamConnection(
            pool.cluster(), pool.breaker(), pool.key().host(), pool.worker(), this);
    long max = pool.config().lifetime().maxRequests();
    this.remaining = max == 0 ? UNLIMITED : max;
    if (pool.key().protocol() != null) {
      countProtocol(pool.key().protocol());
    }
  }

  private void countProtocol(HttpProtocol protocol) {
    switch (protocol) {
      case HTTP1 -> pool.stats().http1Connections.increment();
      case HTTP2 -> pool.stats().http2Connections.increment();
    }
  }

  /// Begins the attempt. It may fail before this returns.
  void connect() {
    until = pool.worker().now() + connection.timeoutMillis();
    arm();
    var host = pool.key().host();
    var name = pool.key().serverName();
    var sni = pool.config().sni();
    var introduction = pool.key().introduction();
    connection.connect(
        new DialOptions(
            host.hostname(),
            name.isEmpty() ? null : name,
            name.isEmpty() || !sni.validate() ? List.of() : List.of(name),
            new DialOptions.Offer(pool.key().offers(), usual()),
            introduction == null ? null : () -> introduction));
  }

  /// What says by ALPN what will be spoken.
  private List<String> usual() {
    return switch (pool.key().protocol()) {
      case null -> List.of("h2", "http/1.1");
      case HTTP1 -> List.of("http/1.1");
      case HTTP2 -> List.of("h2");
    };
  }

  @Override
  public void onConnected() {
    var protocol = pool.key().protocol();
    if (protocol == null) {
      boolean http2 = TlsSession.applicationProtocol(connection.channel()).equals("h2");
      protocol = http2 ? HttpProtocol.HTTP2 : HttpProtocol.HTTP1;
      pool.negotiated(protocol);
      countProtocol(protocol);
    }
    state = State.OPEN;
    maxDurationAt = deadline(pool.config().lifetime().max());
    var opened =
        switch (protocol) {
          case HTTP1 -> new Http1Codec(this);
          case HTTP2 -> Http2Codec.of(this);
        };
    codec = opened;
    opened.start();
    idle();
    if (state == State.OPEN) {
      pool.onRoom(this);
    }
  }

  private long deadline(Duration after) {
    return after.isZero() ? TimerWheel.NEVER : pool.worker().now() + Math.max(1, after.toMillis());
  }

  @Override
  public void onConnectFailed(@Nullable String reason) {
    state = State.CLOSED;
    pool.worker().timers().disarm(this);
    var cause =
        reason == null ? ResetReason.CONNECTION_TIMEOUT : ResetReason.REMOTE_CONNECTION_FAILURE;
    pool.onConnectFailed(this, new StreamOutcome.Failed(cause, reason));
  }

  @Override
  public boolean inUse() {
    return active > 0;
  }

  @Override
  public void onHostLost() {
    close();
  }

  /// Opens a stream for a request that has been attached.
  UpstreamStream open(RequestAccount account) {
    if (codec == null) {
      throw new IllegalStateException("not connected");
    }
    active++;
    requests++;
    remaining = remaining == UNLIMITED ? UNLIMITED : remaining - 1;
    if (remaining == 0) {
      pool.stats().maxRequests.increment();
      exhaust();
    }
    return codec.open(account);
  }

  /// A stream is over, both ways or by a reset.
  ///
  /// @param reusable whether the connection can take another request
  void onStreamEnded(boolean reusable) {
    active--;
    if (state == State.CLOSED) {
      return;
    }
    if (!reusable) {
      exhaust();
    }
    if (active == 0) {
      idle();
    }
    if (state == State.DRAINING) {
      closeIfIdle();
    } else if (hasRoom()) {
      pool.onRoom(this);
    }
  }

  private void closeIfIdle() {
    if (active == 0) {
      close();
    }
  }

  /// A timer that is armed already fires earlier, and then looks again.
  private void idle() {
    until = deadline(pool.config().lifetime().idle());
    if (!isArmed() || Math.min(until, maxDurationAt) < armedFor) {
      arm();
    }
  }

  /// It takes no more requests.
  private void exhaust() {
    if (state == State.OPEN) {
      state = State.DRAINING;
      pool.onExhausted(this);
    }
  }

  /// It takes no more requests, and closes once it has none.
  void drain() {
    if (state == State.CONNECTING) {
      close();
      return;
    }
    exhaust();
    closeIfIdle();
  }

  /// How many streams the host allows has changed.
  void onCapacityChanged() {
    if (state != State.OPEN) {
      return;
    }
    if (hasRoom()) {
      pool.onRoom(this);
    } else {
      pool.onExhausted(this);
    }
  }

  /// Whether it takes another request at this moment.
  boolean hasRoom() {
    return state == State.OPEN && codec != null && active < codec.capacity();
  }

  /// How many requests it will take once it stands; 0 if it does stand.
  long expectedStreams() {
    if (state != State.CONNECTING) {
      return 0;
    }
    long atOnce =
        switch (pool.expected()) {
          case HTTP1 -> 1;
          case HTTP2 -> pool.config().http2().maxStreams();
        };
    return Math.min(remaining, atOnce);
  }

  /// How many requests it takes at this moment.
  long room() {
    return hasRoom() && codec != null ? Math.min(remaining, codec.capacity() - active) : 0;
  }

  /// How many requests it has.
  int active() {
    return active;
  }

  /// Whether it takes no more requests and has but one left.
  boolean isLastOfDraining() {
    return state == State.DRAINING && active == 1;
  }

  boolean isConnecting() {
    return state == State.CONNECTING;
  }

  boolean isIdle() {
    return state != State.CONNECTING && active == 0;
  }

  @Override
  protected void fire() {
    long now = pool.worker().now();
    if (state == State.CONNECTING) {
      if (until <= now) {
        connection.timedOut();
        return;
      }
    } else if (active == 0 && until <= now) {
      pool.stats().idleTimeout.increment();
      close();
      return;
    } else if (maxDurationAt <= now) {
      maxDurationAt = TimerWheel.NEVER;
      pool.stats().maxDuration.increment();
      drain();
    }
    arm();
  }

  private void arm() {
    if (state == State.CLOSED) {
      return;
    }
    boolean counting = state == State.CONNECTING || active == 0;
    armedFor = counting ? Math.min(until, maxDurationAt) : maxDurationAt;
    pool.worker().timers().arm(this, armedFor);
  }

  /// We close it; streams that are left are reset.
  void close() {
    if (state != State.CLOSED) {
      end();
      connection.close();
      over();
    }
  }

  /// It was found closed, or has failed.
  void closedByPeer() {
    if (state != State.CLOSED) {
      end();
      connection.closedByPeer();
      over();
    }
  }

  private void end() {
    state = State.CLOSED;
    pool.worker().timers().disarm(this);
  }

  private void over() {
    pool.stats().requestsPerConnection.record(requests);
    if (codec != null) {
      codec.onClosed();
    }
    pool.onClosed(this);
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  UpstreamConnection connection() {
    return connection;
  }

  HttpPool pool() {
    return pool;
  }
}
