package dev.weir.http.codec;

import dev.weir.config.http.Http2Config.Keepalive;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import java.util.concurrent.ThreadLocalRandom;

/// Asks a client by PING now and then whether it is still there. Its connection's worker only.
final class Http2Keepalive extends TimerWheel.Node {
  private final Http2Handler handler;
  private final Keepalive config;
  private final Worker worker;
  private boolean waiting;

  Http2Keepalive(Http2Handler handler, Keepalive config, Worker worker) {
    this.handler = handler;
    this.config = config;
    this.worker = worker;
  }

  void start() {
    if (!config.interval().isZero()) {
      long interval = Math.max(1, config.interval().toMillis());
      long most = (long) (interval * config.jitter() / 100);
      long more = most > 0 ? ThreadLocalRandom.current().nextLong(most) : 0;
      worker.timers().arm(this, worker.now() + interval + more);
    }
  }

  /// The client has answered.
  void answered() {
    if (waiting) {
      waiting = false;
      start();
    }
  }

  void stop() {
    worker.timers().disarm(this);
  }

  @Override
  protected void fire() {
    if (waiting) {
      handler.onKeepaliveTimeout();
    } else {
      waiting = true;
      handler.ping(worker.now());
      worker.timers().arm(this, worker.now() + Math.max(1, config.timeout().toMillis()));
    }
  }
}
