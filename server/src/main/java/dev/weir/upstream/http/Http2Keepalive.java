package dev.weir.upstream.http;

import dev.weir.config.UpstreamHttpConfig.Keepalive;
import dev.weir.transport.TimerWheel;
import java.util.concurrent.ThreadLocalRandom;

/// Sends PINGs on an HTTP/2 connection, and closes it when one stays without an answer. Its worker
/// only.
final class Http2Keepalive extends TimerWheel.Node {
  private final Http2Codec codec;
  private final Keepalive config;
  private boolean waiting;
  private long payload;
  private long heardAt;

  Http2Keepalive(Http2Codec codec, Keepalive config) {
    this.codec = codec;
    this.config = config;
  }

  void start() {
    heardAt = now();
    if (!config.interval().isZero()) {
      armIn(interval());
    }
  }

  private long interval() {
    long base = Math.max(1, config.interval().toMillis());
    long most = (long) (base * config.jitter() / 100);
    return base + (most > 0 ? ThreadLocalRandom.current().nextLong(most) : 0);
  }

  private void armIn(long millis) {
    codec.owner().pool().worker().timers().arm(this, now() + millis);
  }

  private long now() {
    return codec.owner().pool().worker().now();
  }

  /// The host has said something, so it lives.
  void heard() {
    heardAt = now();
  }

  /// A request is about to be sent: a connection that was silent for long is asked whether it
  /// stands.
  void beforeRequest() {
    var idle = config.afterIdle();
    if (!idle.isZero() && !waiting && now() - heardAt >= idle.toMillis()) {
      ping();
    }
  }

  private void ping() {
    waiting = true;
    var ctx = codec.context();
    codec.encoder().writePing(ctx, false, ++payload, ctx.newPromise());
    codec.requestFlush();
    armIn(Math.max(1, config.timeout().toMillis()));
  }

  /// A PING was answered.
  void answered() {
    heardAt = now();
    waiting = false;
    stop();
    if (!config.interval().isZero()) {
      armIn(interval());
    }
  }

  @Override
  protected void fire() {
    if (waiting) {
      codec.stats().keepaliveTimeout.increment();
      codec.owner().close();
    } else {
      ping();
    }
  }

  void stop() {
    codec.owner().pool().worker().timers().disarm(this);
  }
}
